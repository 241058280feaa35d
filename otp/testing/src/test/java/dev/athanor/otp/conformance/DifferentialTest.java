package dev.athanor.otp.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random programs on the real BEAM and on ours: both must see the same. Properties:
/// `athanor.differential.seed` (a new one every day by default) and `athanor.differential.programs`
/// (2,500 by default). A difference is reported with the smallest program that shows it.
class DifferentialTest {
  private static final int PROGRAMS = Integer.getInteger("athanor.differential.programs", 2_500);
  private static final long SEED =
      Long.getLong("athanor.differential.seed", System.currentTimeMillis() / 86_400_000L);

  @TempDir Path folder;

  @Test
  void programs_randomOnBothMachines_sameLogs() throws IOException {
    Beam beam = open();
    Random random = new Random(SEED);
    List<String> programs =
        IntStream.range(0, PROGRAMS).mapToObj(i -> Programs.random(random)).toList();
    List<List<String>> theirs = beam.play(programs);
    assertThat(theirs).hasSize(PROGRAMS);
    for (int i = 0; i < PROGRAMS; i++) {
      if (!theirs.get(i).equals(ours(programs.get(i)))) {
        report(beam, programs.get(i), i);
      }
    }
  }

  private Beam open() throws IOException {
    try {
      Beam.release();
    } catch (IOException missing) {
      String reason = "no Erlang to compare with (apt-get install erlang-base): " + missing;
      assertThat(System.getenv("CI")).as(reason).isNotEqualTo("true");
      Assumptions.abort(reason);
    }
    return Beam.in(folder);
  }

  /// The interleaving is another one for every program, and the same again for the same program.
  private static List<String> ours(String program) {
    return Machine.play(program, SEED + program.hashCode());
  }

  private static void report(Beam beam, String program, int index) throws IOException {
    String smallest = smallest(beam, program);
    List<String> steps = Arrays.asList(smallest.split("\\|", -1));
    List<String> theirs = beam.play(List.of(smallest)).getFirst();
    List<String> ours = ours(smallest);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < steps.size(); i++) {
      text.append(steps.get(i)).append("\n    BEAM: ").append(theirs.get(i));
      text.append("\n    ours: ").append(ours.get(i)).append('\n');
    }
    fail("seed %d, program %d differs; the smallest that does:%n%s", SEED, index, text);
  }

  /// Leaves out one step after the other, as long as the machines still differ.
  private static String smallest(Beam beam, String program) throws IOException {
    String smallest = program;
    while (true) {
      List<String> candidates = shorter(smallest);
      if (candidates.isEmpty()) {
        return smallest;
      }
      List<List<String>> theirs = beam.play(candidates);
      int found =
          IntStream.range(0, candidates.size())
              .filter(i -> !theirs.get(i).equals(ours(candidates.get(i))))
              .findFirst()
              .orElse(-1);
      if (found < 0) {
        return smallest;
      }
      smallest = candidates.get(found);
    }
  }

  private static List<String> shorter(String program) {
    List<String> steps = Arrays.asList(program.split("\\|", -1));
    List<String> all = new ArrayList<>();
    for (int i = 0; steps.size() > 1 && i < steps.size(); i++) {
      if (steps.get(i).startsWith("def ")) {
        continue;
      }
      List<String> rest = new ArrayList<>(steps);
      rest.remove(i);
      all.add(String.join("|", rest));
    }
    return all;
  }
}
