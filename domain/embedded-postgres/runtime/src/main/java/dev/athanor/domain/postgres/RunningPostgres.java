package dev.athanor.domain.postgres;

import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The one embedded server of this JVM. A live reload loads all classes anew, this one too, so what
/// must be known across reloads lies in system properties (as text: other libraries choke on
/// anything else): the folder and port of the server, and how many applications use it. The server
/// itself is kept by the load of this class that started it, and ended by that one's shutdown hook.
final class RunningPostgres {
  private static final String PORT = "dev.athanor.postgres.port.";
  private static final String APPLICATIONS = "dev.athanor.postgres.applications";
  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final long POLL_NANOS = 5_000_000;

  private static @Nullable EmbeddedPostgres server;

  private RunningPostgres() {}

  /// Where the server of a home listens, and its password.
  record Address(int port, String password) {}

  /// Starts the server of that home, or gives back the one that this JVM has started before.
  static Address startOrReuse(Path home) {
    PostgresFiles files = PostgresFiles.under(home);
    synchronized (lock()) {
      String port = System.getProperty(PORT + files.root());
      if (port == null) {
        EmbeddedPostgres started = EmbeddedPostgres.start(home);
        server = started;
        port = Integer.toString(started.port());
        System.setProperty(PORT + files.root(), port);
        Thread hook = new Thread(() -> stopLast(files), "postgres-stop");
        Runtime.getRuntime().addShutdownHook(hook);
      }
      return new Address(Integer.parseInt(port), EmbeddedPostgres.password(files));
    }
  }

  /// An application that uses the server has started.
  static void applicationStarted() {
    count(1);
  }

  /// An application that used the server is down, with all its connections.
  static void applicationStopped() {
    count(-1);
  }

  /// Stops the server that this load of the class has started, if it has.
  static void stop() {
    synchronized (lock()) {
      EmbeddedPostgres stopped = server;
      server = null;
      if (stopped != null) {
        System.clearProperty(PORT + stopped.files().root());
        stopped.close();
      }
    }
  }

  /// Shutdown hooks run side by side; the server's is to be the last, so it waits for the
  /// applications.
  private static void stopLast(PostgresFiles files) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (Integer.getInteger(APPLICATIONS, 0) > 0 && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    if (System.getProperty(PORT + files.root()) != null) {
      stop();
    }
  }

  private static void count(int change) {
    synchronized (lock()) {
      int applications = Integer.getInteger(APPLICATIONS, 0) + change;
      System.setProperty(APPLICATIONS, Integer.toString(applications));
    }
  }

  /// The same object whichever load of this class asks.
  private static Object lock() {
    return Runtime.getRuntime();
  }
}
