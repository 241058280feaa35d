package dev.athanor.processor.push;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/// Keys as operators set them: the path of a file, or the text itself.
public final class Pem {
  private Pem() {}

  /// The text of a setting that is a path or the text; an `IllegalArgumentException` that names the
  /// property when it is neither.
  public static String text(String property, String value) {
    String trimmed = value.strip();
    if (trimmed.startsWith("-----BEGIN") || trimmed.startsWith("{")) {
      return trimmed;
    }
    try {
      return Files.readString(Path.of(trimmed), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          property + ": expected the text of a key or the path of its file, got neither", e);
    }
  }

  /// The bytes within the first PEM block.
  public static byte[] bytes(String pem) {
    String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    return Base64.getDecoder().decode(base64);
  }
}
