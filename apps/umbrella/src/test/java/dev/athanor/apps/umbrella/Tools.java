package dev.athanor.apps.umbrella;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Programs that tests drive but the JDK does not bring: skipped on a laptop, demanded in CI. */
final class Tools {
  private Tools() {}

  /** The program on the PATH; without it the test fails where CI=true and is skipped elsewhere. */
  static Path require(String program) {
    Optional<Path> found =
        Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator, -1))
            .map(folder -> Path.of(folder, program))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isPresent()) {
      return found.get();
    }
    String message = "this test drives " + program + ", which is not on the PATH";
    if ("true".equals(System.getenv("CI"))) {
      fail(message);
    }
    return abort(message);
  }

  /** Runs a command and returns what it printed; fails when it fails. */
  static String run(Path folder, List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      fail(String.join(" ", command) + " failed:\n" + output);
    }
    return output;
  }
}
