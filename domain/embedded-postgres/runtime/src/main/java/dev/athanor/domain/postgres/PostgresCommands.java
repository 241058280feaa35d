package dev.athanor.domain.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs the programs of PostgreSQL. They refuse to run as root, rightly so for a server that others
/// can reach; for root they are run in a user namespace of their own, where the same user is called
/// nobody and keeps its files, and has none of root's powers.
final class PostgresCommands {
  private static final long LIMIT_SECONDS = 120;

  private final Path bin;
  private final List<String> prefix;

  PostgresCommands(Path binaries) {
    this.bin = binaries.resolve("bin");
    this.prefix = isRoot() ? List.of("unshare", "-U") : List.of();
  }

  /// Runs a program to its end with that input and gives back what it printed; a failure is an
  /// exception that carries it.
  String run(Path output, String input, List<String> command) {
    Process process = start(output, command);
    try {
      try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
        stdin.write(input);
      }
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new EmbeddedPostgresException(
            command.getFirst() + " was not done after " + LIMIT_SECONDS + " s; see " + output);
      }
      String printed = Files.readString(output);
      if (process.exitValue() != 0) {
        throw failed(command, printed);
      }
      return printed;
    } catch (IOException e) {
      throw new EmbeddedPostgresException("cannot run " + command.getFirst(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedPostgresException("interrupted while running " + command.getFirst(), e);
    }
  }

  /// Starts a program; what it prints goes to the file.
  Process start(Path output, List<String> command) {
    List<String> all = new ArrayList<>(prefix);
    all.add(bin.resolve(command.getFirst()).toString());
    all.addAll(command.subList(1, command.size()));
    ProcessBuilder builder =
        new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("PG"));
    environment.put("LC_ALL", "C");
    environment.put("TZ", "UTC");
    try {
      return builder.start();
    } catch (IOException e) {
      throw new EmbeddedPostgresException(
          "cannot run " + all.getFirst() + ": " + e.getMessage(), e);
    }
  }

  EmbeddedPostgresException failed(List<String> command, String printed) {
    String hint =
        prefix.isEmpty()
            ? ""
            : ". As root it runs in a user namespace (unshare -U): where those are forbidden, run"
                + " as another user, or set athanor.database.url to a PostgreSQL of yours";
    return new EmbeddedPostgresException(
        command.getFirst() + " of the embedded PostgreSQL failed: " + printed.strip() + hint);
  }

  private static boolean isRoot() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (!os.contains("linux")) {
      return false;
    }
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException e) {
      return "root".equals(System.getProperty("user.name"));
    }
  }
}
