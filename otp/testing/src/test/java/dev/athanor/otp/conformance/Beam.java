package dev.athanor.otp.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// The real BEAM, with differential.erl compiled for it in a folder of its own.
final class Beam {
  private static final int PATIENCE_SECONDS = 60;

  private final Path folder;

  private Beam(Path folder) {
    this.folder = folder;
  }

  /// Compiles the module; fails when there is no `erl` to be found.
  static Beam in(Path folder) throws IOException {
    try (InputStream source = Beam.class.getResourceAsStream("differential.erl")) {
      Files.copy(Objects.requireNonNull(source), folder.resolve("differential.erl"));
    }
    Beam beam = new Beam(folder);
    beam.run(
        "erl",
        "-noinput",
        "-eval",
        "case c:c(differential) of {ok, _} -> halt(0); _ -> halt(1) end.");
    return beam;
  }

  /// What `erl` says it is.
  static String release() throws IOException {
    return run(
            Path.of("."),
            "erl",
            "-noinput",
            "-eval",
            "io:format(\"~s\", [erlang:system_info(otp_release)]), halt(0).")
        .strip();
  }

  /// The log of each program, a line a step.
  List<List<String>> play(List<String> programs) throws IOException {
    Files.writeString(folder.resolve("programs"), String.join("\n", programs) + "\n");
    run("erl", "+S", "1:1", "-noinput", "-run", "differential", "main", "programs", "log");
    List<List<String>> logs = new ArrayList<>();
    List<String> log = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("log"))) {
      if (line.isEmpty()) {
        logs.add(log);
        log = new ArrayList<>();
      } else {
        log.add(line);
      }
    }
    return logs;
  }

  private String run(String... command) throws IOException {
    return run(folder, command);
  }

  private static String run(Path folder, String... command) throws IOException {
    Path output = Files.createTempFile("erl", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("erl did not end within " + PATIENCE_SECONDS + " s");
      }
      String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new IOException("erl ended with " + process.exitValue() + ": " + said);
      }
      return said;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    } finally {
      Files.delete(output);
    }
  }
}
