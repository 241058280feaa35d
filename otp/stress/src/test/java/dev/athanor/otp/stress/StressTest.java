package dev.athanor.otp.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;

/// Runs all races of this package. A short run takes half a minute, on the first compiler alone;
/// `-Dstress.mode=quick|default|tough` (JCStress's own presets) on all of them for minutes or
// hours.
class StressTest {

  private static final int RACES = 14;

  @Test
  void races_inEveryOrder_showOnlyWhatIsAllowed() throws Exception {
    String mode = System.getProperty("athanor.stress", "short");
    Path reports = Path.of(System.getProperty("athanor.stress.report", "target"));
    List<String> arguments = new ArrayList<>(List.of("-t", "dev.athanor.otp.stress", "-c", "2"));
    Collections.addAll(arguments, "-r", reports.toString());
    if (mode.equals("short")) {
      Collections.addAll(arguments, "-f", "1", "-fsm", "0", "-iters", "1", "-time", "400");
      Collections.addAll(
          arguments,
          "-jvmArgs",
          "-XX:+UseCompactObjectHeaders -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
      Collections.addAll(arguments, "-sc", "false", "-af", "NONE", "-hs", "128");
    } else {
      Collections.addAll(arguments, "-m", mode);
    }
    Options options = new Options(arguments.toArray(String[]::new));
    assertThat(options.parse()).isTrue();
    JCStress stress = new JCStress(options);
    List<Path> expected =
        stress.getTests().stream().map(race -> reports.resolve(race + ".html")).toList();
    assertThat(expected).hasSize(RACES);
    for (Path report : expected) {
      Files.deleteIfExists(report);
    }

    assertThatCode(stress::run).doesNotThrowAnyException();

    assertThat(expected).as("every race was run, and told of").allMatch(Files::exists);
  }
}
