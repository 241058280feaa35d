package dev.athanor.otp.statem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random machines on `gen_statem` and on ours: the same events have to come in the same order in
/// the same states. Properties: `athanor.differential.seed` (a new one every day by default) and
/// `athanor.differential.machines` (2,500 by default).
class MachinesDifferentialTest {
  private static final int MACHINES = Integer.getInteger("athanor.differential.machines", 2_500);
  private static final long SEED =
      Long.getLong("athanor.differential.seed", System.currentTimeMillis() / 86_400_000L);

  @TempDir Path folder;

  @Test
  void machines_randomOnBoth_sameEventsInTheSameOrder() throws Exception {
    needErlang();
    Random random = new Random(SEED);
    List<RandomMachine> machines =
        IntStream.range(0, MACHINES).mapToObj(i -> new RandomMachine(random)).toList();
    List<String> theirs = theirs(machines);
    assertThat(theirs).hasSize(MACHINES);
    for (int i = 0; i < MACHINES; i++) {
      assertThat(machines.get(i).play())
          .as("seed %d, machine %d: %s", SEED, i, machines.get(i).term())
          .isEqualTo(theirs.get(i));
    }
  }

  private List<String> theirs(List<RandomMachine> machines) throws Exception {
    try (InputStream source = getClass().getResourceAsStream("machines.erl")) {
      Files.copy(Objects.requireNonNull(source), folder.resolve("machines.erl"));
    }
    Files.writeString(
        folder.resolve("programs"),
        machines.stream().map(RandomMachine::term).collect(Collectors.joining("\n", "", "\n")));
    assertThat(
            run(
                "erl",
                "-noinput",
                "-eval",
                "case c:c(machines) of {ok, _} -> machines:main([\"programs\", \"log\"]);"
                    + " _ -> halt(1) end."))
        .as("erl's exit code")
        .isZero();
    return Files.readAllLines(folder.resolve("log"));
  }

  private void needErlang() throws Exception {
    try {
      run("erl", "-noinput", "-eval", "halt(0).");
    } catch (IOException missing) {
      String reason = "no Erlang to compare with (apt-get install erlang-base): " + missing;
      assertThat(System.getenv("CI")).as(reason).isNotEqualTo("true");
      Assumptions.abort(reason);
    }
  }

  private int run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("erl did not end within 60 s");
    }
    return process.exitValue();
  }
}
