package dev.athanor.apps.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A packaged event processor in a JVM of its own, that can be killed and started again. */
final class ConsumerProcess {
  private static final Path JAR =
      Path.of(System.getProperty("athanor.root", "../.."))
          .resolve("apps/chaos/target/quarkus-app/quarkus-run.jar")
          .toAbsolutePath()
          .normalize();

  private final Path folder;
  private final String name;
  private final Map<String, String> environment;
  private Process process;

  ConsumerProcess(Path folder, String name, Map<String, String> environment) {
    this.folder = folder;
    this.name = name;
    this.environment = environment;
  }

  void start() {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-jar",
                  JAR.toString())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()));
      builder.environment().putAll(environment);
      builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(freePort()));
      builder.environment().put("QUARKUS_MANAGEMENT_PORT", Integer.toString(freePort()));
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it again if it has ended by itself, as whoever deploys it would. */
  void keep() {
    if (!process.isAlive()) {
      start();
    }
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM, and SIGKILL after half a minute. */
  void stop() throws InterruptedException {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        kill();
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
