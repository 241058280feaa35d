package dev.athanor.otp.quarkus;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.supervisor.Application;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.SupervisorSpec;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The application's supervision tree, with the children that [Supervised] beans contribute:
/// started after messaging and before the HTTP port opens, stopped when Quarkus shuts down.
@Singleton
final class ApplicationTree {
  private static final int AFTER_LIBRARIES = Interceptor.Priority.LIBRARY_BEFORE + 500;

  private final Node node;
  private final ProcessConfig config;
  private final List<Supervised> members;

  /// Written by Quarkus's main thread, read by health checks (volatile).
  private volatile @Nullable Application running;

  ApplicationTree(Node node, ProcessConfig config, @All List<Supervised> members) {
    this.node = node;
    this.config = config;
    this.members = members;
  }

  void start(@Observes @Priority(AFTER_LIBRARIES) StartupEvent event) {
    ChildSpec[] children =
        members.stream()
            .sorted(Comparator.comparingInt(Supervised::order))
            .flatMap(member -> member.children().stream())
            .toArray(ChildSpec[]::new);
    SupervisorSpec spec =
        SupervisorSpec.of(Strategy.ONE_FOR_ONE, children)
            .intensity(config.maxRestarts(), config.restartPeriod());
    running = await(Application.start(node, spec), config.startTimeout(), "start");
  }

  void stop(@Observes @Priority(AFTER_LIBRARIES) ShutdownEvent event) {
    Application application = running;
    if (application != null) {
      await(application.stop(), config.stopTimeout(), "stop");
    }
  }

  boolean isRunning() {
    Application application = running;
    return application != null && application.supervisor().isAlive();
  }

  private static <T extends @Nullable Object> T await(
      CompletionStage<T> stage, Duration limit, String what) {
    try {
      return stage.toCompletableFuture().get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "The supervision tree did not %s within %s; athanor.otp.%s-timeout sets this limit"
              .formatted(what, limit, what),
          e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "The supervision tree did not %s: %s".formatted(what, e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the supervision tree was to " + what, e);
    }
  }
}
