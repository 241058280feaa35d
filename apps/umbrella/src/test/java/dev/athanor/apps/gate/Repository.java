package dev.athanor.apps.gate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The checked-out repository, as the gate's tests read it. */
final class Repository {
  private static final List<String> NOT_SOURCES = List.of("target", "node_modules", ".git");

  private Repository() {}

  static Path root() {
    Path start = Path.of(System.getProperty("athanor.root", "")).toAbsolutePath();
    for (Path dir = start; dir != null; dir = dir.getParent()) {
      if (Files.exists(dir.resolve("mvnw"))) {
        return dir;
      }
    }
    throw new IllegalStateException("Expected a folder with mvnw at or above " + start);
  }

  /** Every Java file below a src/main/java or src/test/java, as `set` says ("main" or "test"). */
  static List<Path> javaFiles(String set) {
    String part = Path.of("src", set, "java").toString();
    try (Stream<Path> files = Files.walk(root())) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains(part))
          .filter(Repository::isSource)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folders of compiled main classes of all members. */
  static List<Path> classFolders() {
    try (Stream<Path> folders = Files.walk(root(), 5)) {
      return folders
          .filter(folder -> folder.endsWith(Path.of("target", "classes")))
          .filter(folder -> Files.exists(folder.resolve("dev")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path relative(Path file) {
    return root().relativize(file);
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSource(Path file) {
    for (Path part : relative(file)) {
      if (NOT_SOURCES.contains(part.toString())) {
        return false;
      }
    }
    return true;
  }
}
