package dev.athanor.otp.quarkus.declared;

import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.runtime.shutdown.ShutdownListener;
import jakarta.enterprise.inject.Any;
import org.jboss.logging.Logger;

/// Asks the [BeforeStop] beans when Quarkus begins to shut down. Recorded by the build.
public final class StopListener implements ShutdownListener {
  private static final Logger LOG = Logger.getLogger(StopListener.class);

  /// For the build.
  public StopListener() {}

  @Override
  public void shutdown(ShutdownNotification notification) {
    try {
      ArcContainer container = Arc.container();
      if (container != null && container.isRunning()) {
        InjectableInstance<BeforeStop> beans =
            container.select(BeforeStop.class, Any.Literal.INSTANCE);
        for (BeforeStop bean : beans) {
          bean.beforeStop();
        }
      }
    } catch (RuntimeException failure) {
      LOG.error("what was to be done before the stop was not", failure);
    } finally {
      notification.done();
    }
  }
}
