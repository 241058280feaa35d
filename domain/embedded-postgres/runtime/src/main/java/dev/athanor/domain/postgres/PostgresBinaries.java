package dev.athanor.domain.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// The PostgreSQL programs for this machine: found as an archive on the class path, unpacked once.
final class PostgresBinaries {
  private PostgresBinaries() {}

  /// The folder that holds `bin`; unpacks it first when that has not been done.
  static Path unpacked(PostgresFiles files) {
    Path target = files.binaries(version());
    if (Files.isDirectory(target)) {
      return target;
    }
    String archive = archive();
    Path partial = target.resolveSibling(target.getFileName() + ".partial");
    try (InputStream in = PostgresBinaries.class.getResourceAsStream("/" + archive)) {
      if (in == null) {
        throw new EmbeddedPostgresException(
            "expected "
                + archive
                + " on the class path, found none: this application was not built on this kind of"
                + " machine. Build it here, or set athanor.database.url to a PostgreSQL of yours");
      }
      delete(partial);
      unpack(in, partial);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new EmbeddedPostgresException(
          "cannot unpack PostgreSQL to " + target + ": " + e.getMessage(), e);
    }
    return target;
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }

  private static String version() {
    Properties properties = new Properties();
    try (InputStream in = PostgresBinaries.class.getResourceAsStream("binaries.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new EmbeddedPostgresException("cannot read binaries.properties", e);
    }
    String version = properties.getProperty("version");
    if (version == null) {
      throw new EmbeddedPostgresException("expected a version in binaries.properties, found none");
    }
    return version;
  }

  private static String archive() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String system =
        os.contains("win") && !os.contains("darwin")
            ? "windows"
            : os.contains("mac") ? "darwin" : "linux";
    boolean arm = arch.equals("aarch64") || arch.equals("arm64");
    String processor = arm && !system.equals("windows") ? "arm_64" : "x86_64";
    String libc = Files.exists(Path.of("/etc/alpine-release")) ? "-alpine_linux" : "";
    return "postgres-" + system + "-" + processor + libc + ".txz";
  }

  private static void unpack(InputStream archive, Path target) throws IOException {
    boolean posix = target.getFileSystem().supportedFileAttributeViews().contains("posix");
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive, 1 << 16)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("the archive leaves its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
          continue;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, path);
          if (posix) {
            boolean executable = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
          }
        }
      }
    }
  }
}
