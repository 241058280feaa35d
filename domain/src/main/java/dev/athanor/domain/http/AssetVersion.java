package dev.athanor.domain.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// A word that changes with the files that pages load, to be part of their addresses: a browser may
/// keep what it has loaded, and a new release is loaded anew.
public final class AssetVersion {
  /// How many characters it has: digits and letters from a to f.
  public static final int LENGTH = 8;

  private AssetVersion() {}

  /// The version of files on the class path.
  ///
  /// @param folder where they are, with a slash at the end
  /// @param files their names
  /// @throws IllegalStateException when one is missing
  public static String of(String folder, List<String> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String file : files) {
        digest.update(bytes(folder + file));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, LENGTH / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] bytes(String path) {
    try (InputStream in =
        Thread.currentThread().getContextClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("expected " + path + " on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path + " failed", e);
    }
  }
}
