package dev.athanor.domain.postgres;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The one embedded server of this JVM. A live reload loads all classes anew, so the server is
/// remembered where no class loader reaches, among the system properties, and in types of the JDK
/// alone.
///
/// @param port where it listens
/// @param password of its user
record RunningPostgres(int port, String password) {
  private static final String KEY = "dev.athanor.domain.postgres.running";

  /// Starts the server of that home, or gives back the one that a former load of these classes
  /// started.
  static RunningPostgres startOrReuse(Path home) {
    Path absolute = home.toAbsolutePath().normalize();
    Map<String, Object> state = state();
    synchronized (state) {
      if (absolute.toString().equals(state.get("home"))
          && state.get("port") instanceof Integer port
          && state.get("password") instanceof String password) {
        return new RunningPostgres(port, password);
      }
      EmbeddedPostgres server = EmbeddedPostgres.start(absolute);
      stop();
      state.put("home", absolute.toString());
      state.put("port", server.port());
      state.put("password", server.password());
      state.put("server", server);
      if (state.putIfAbsent("hook", true) == null) {
        Runtime.getRuntime()
            .addShutdownHook(new Thread(RunningPostgres::stopLast, "postgres-stop"));
      }
      return new RunningPostgres(server.port(), server.password());
    }
  }

  /// An application that uses the server has started.
  static void applicationStarted() {
    applications().incrementAndGet();
  }

  /// An application that used the server is down, with all its connections.
  static void applicationStopped() {
    AtomicInteger applications = applications();
    applications.decrementAndGet();
    synchronized (applications) {
      applications.notifyAll();
    }
  }

  /// Stops the server, if one runs.
  static void stop() {
    Map<String, Object> state = state();
    synchronized (state) {
      Object server = state.remove("server");
      state.remove("home");
      if (server instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Exception e) {
          throw new EmbeddedPostgresException("the embedded PostgreSQL did not stop", e);
        }
      }
    }
  }

  /// Shutdown hooks run side by side; the server's is to be the last, so it waits for the
  /// applications.
  private static void stopLast() {
    AtomicInteger applications = applications();
    long deadline = System.nanoTime() + 20_000_000_000L;
    synchronized (applications) {
      try {
        for (long left = 20_000; applications.get() > 0 && left > 0; ) {
          applications.wait(left);
          left = (deadline - System.nanoTime()) / 1_000_000;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    stop();
  }

  private static AtomicInteger applications() {
    return (AtomicInteger) state().computeIfAbsent("applications", _ -> new AtomicInteger());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> state() {
    return (Map<String, Object>)
        System.getProperties().computeIfAbsent(KEY, _ -> new ConcurrentHashMap<String, Object>());
  }
}
