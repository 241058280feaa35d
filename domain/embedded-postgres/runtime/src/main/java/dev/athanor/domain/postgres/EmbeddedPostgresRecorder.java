package dev.athanor.domain.postgres;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownContext;
import io.quarkus.runtime.annotations.Recorder;

/// Ties the server's end to the application's: after everything else has stopped.
@Recorder
public class EmbeddedPostgresRecorder {
  /// Called by Quarkus.
  public EmbeddedPostgresRecorder() {}

  /// In production the server ends with the application. A live reload and a series of tests keep
  /// it; it then ends with the JVM.
  public void stopAfter(ShutdownContext shutdown, LaunchMode mode) {
    RunningPostgres.applicationStarted();
    shutdown.addLastShutdownTask(
        () -> {
          try {
            if (mode == LaunchMode.NORMAL) {
              RunningPostgres.stop();
            }
          } finally {
            RunningPostgres.applicationStopped();
          }
        });
  }
}
