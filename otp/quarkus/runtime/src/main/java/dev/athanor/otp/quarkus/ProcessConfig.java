package dev.athanor.otp.quarkus;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the process runtime starts and stops. */
@ConfigMapping(prefix = "athanor.otp")
public interface ProcessConfig {
  /** How long the whole supervision tree may take to start before the application gives up. */
  @WithDefault("60s")
  Duration startTimeout();

  /** How long the whole supervision tree may take to stop before the rest is abandoned. */
  @WithDefault("20s")
  Duration stopTimeout();

  /** How many restarts the top supervisor allows within its period before it gives up. */
  @WithDefault("3")
  int maxRestarts();

  /** The period over which the top supervisor counts restarts. */
  @WithDefault("5s")
  Duration restartPeriod();
}
