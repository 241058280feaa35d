package dev.athanor.otp.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;

/// Runs all races of this package. A short run takes some fifteen seconds;
/// `-Dstress.mode=quick|default|tough` (JCStress's own presets) makes it minutes or hours.
class StressTest {

  private static final int RACES = 14;

  @Test
  void races_inEveryOrder_showOnlyWhatIsAllowed() throws Exception {
    String mode = System.getProperty("athanor.stress", "short");
    List<String> arguments = new ArrayList<>(List.of("-t", "dev.athanor.otp.stress", "-c", "2"));
    Collections.addAll(arguments, "-r", System.getProperty("athanor.stress.report", "target"));
    Collections.addAll(arguments, "-jvmArgs", "-XX:+UseCompactObjectHeaders -XX:+UseSerialGC");
    if (mode.equals("short")) {
      Collections.addAll(arguments, "-f", "0", "-iters", "1", "-time", "400");
      Collections.addAll(arguments, "-sc", "false", "-af", "NONE", "-hs", "128");
    } else {
      Collections.addAll(arguments, "-m", mode);
    }
    Options options = new Options(arguments.toArray(String[]::new));
    assertThat(options.parse()).isTrue();
    JCStress stress = new JCStress(options);
    assertThat(stress.getTests()).hasSize(RACES);
    assertThatCode(stress::run).doesNotThrowAnyException();
  }
}
