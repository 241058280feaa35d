package dev.athanor.domain.testing;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// A RabbitMQ of the tests' own: free ports of 127.0.0.1, a folder of its own with data, log and
/// cookie, its own port mapper, all ended by their process ids. Needs `rabbitmq-server` and `epmd`;
/// where they are missing tests fail if CI=true and are skipped otherwise.
public final class RabbitNode implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final long POLL_NANOS = 50_000_000L;
  private static final Path DEBIAN = Path.of("/usr/lib/rabbitmq/lib");

  private final Path folder;
  private final int port = freePort();
  private final int distribution = freePort();
  private final int mapperPort = freePort();
  private final Process mapper;
  private Process server;

  private RabbitNode(Path folder) throws IOException {
    this.folder = folder;
    this.mapper =
        process(List.of("epmd", "-port", Integer.toString(mapperPort), "-address", "127.0.0.1"))
            .start();
    this.server = serve();
  }

  /// For `@EnabledIf`: always with CI=true, so that what is missing fails the tests.
  public static boolean available() {
    return "true".equals(System.getenv("CI"))
        || (script().isPresent() && onPath("epmd").isPresent());
  }

  /// Starts one and waits until it answers.
  public static RabbitNode start(Path parent) {
    if (script().isEmpty() || onPath("epmd").isEmpty()) {
      throw new IllegalStateException(
          "this test drives rabbitmq-server and epmd, which are not on the PATH");
    }
    try {
      Path folder = parent.resolve("rabbitmq-" + UUID.randomUUID()).toAbsolutePath();
      Files.createDirectories(folder.resolve("log"));
      Files.writeString(folder.resolve("plugins"), "[].");
      Files.writeString(
          folder.resolve("rabbitmq.conf"),
          """
          log.console = false
          log.file.level = warning
          vm_memory_high_watermark.absolute = 1GB
          disk_free_limit.absolute = 50MB
          """);
      Path cookie = folder.resolve(".erlang.cookie");
      Files.writeString(cookie, UUID.randomUUID().toString());
      Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
      RabbitNode node = new RabbitNode(folder);
      Runtime.getRuntime().addShutdownHook(new Thread(node::close));
      await("answers", node::answers);
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts the stopped or killed server on the same data and port.
  public RabbitNode restart() {
    try {
      server = serve();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await("answers", this::answers);
    return this;
  }

  /// Asks it to end, and waits.
  public void stop() {
    server.descendants().forEach(ProcessHandle::destroy);
    server.destroy();
    gone();
  }

  /// Has it take nothing from publishers, as when it is short of memory; or take it again.
  public void block(boolean on) {
    List<String> limit = on ? List.of("0") : List.of("absolute", "1GB");
    List<String> command = new ArrayList<>();
    command.add(script().orElseThrow().resolveSibling("rabbitmqctl").toString());
    command.add("set_vm_memory_high_watermark");
    command.addAll(limit);
    try {
      int exit = process(command).start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("rabbitmqctl ended with " + exit + "; see " + folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Ends it with SIGKILL.
  public void kill() {
    List<ProcessHandle> all = server.descendants().toList();
    server.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    gone();
  }

  /// Where it is, with its user and password.
  public String url() {
    return "amqp://guest:guest@127.0.0.1:" + port;
  }

  /// A connection of the test's own.
  public Connection connect() throws IOException, TimeoutException {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(port);
    factory.setAutomaticRecoveryEnabled(false);
    factory.setConnectionTimeout(2_000);
    factory.setHandshakeTimeout(5_000);
    return factory.newConnection();
  }

  @Override
  public void close() {
    if (server.isAlive()) {
      kill();
    }
    mapper.destroyForcibly();
  }

  private ProcessBuilder process(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("output.log").toFile()));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("RABBITMQ_"));
    environment.put("HOME", folder.toString());
    environment.put("ERL_EPMD_PORT", Integer.toString(mapperPort));
    environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    environment.put("RABBITMQ_NODENAME", "athanor" + port + "@localhost");
    environment.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
    environment.put("RABBITMQ_NODE_PORT", Integer.toString(port));
    environment.put("RABBITMQ_DIST_PORT", Integer.toString(distribution));
    environment.put("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString());
    environment.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
    environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("plugins").toString());
    environment.put("RABBITMQ_CONF_ENV_FILE", folder.resolve("none").toString());
    environment.put("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq").toString());
    environment.put("RABBITMQ_PID_FILE", folder.resolve("pid").toString());
    environment.put(
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
    return builder;
  }

  private Process serve() throws IOException {
    return process(List.of(script().orElseThrow().toString())).start();
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + START.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("RabbitMQ: expected that it " + what + " within " + START);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private boolean answers() {
    if (!server.isAlive()) {
      throw new IllegalStateException("RabbitMQ ended while starting; see " + folder);
    }
    try {
      connect().close();
      return true;
    } catch (IOException | TimeoutException notYet) {
      return false;
    }
  }

  private void gone() {
    await("is gone", () -> !server.isAlive() && free(port));
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  /// The server's own script: Debian's wrapper on the PATH changes the user and the folder.
  private static Optional<Path> script() {
    if (Files.isDirectory(DEBIAN)) {
      try (Stream<Path> versions = Files.list(DEBIAN)) {
        Optional<Path> found =
            versions
                .map(version -> version.resolve("sbin/rabbitmq-server"))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isPresent()) {
          return found;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return onPath("rabbitmq-server");
  }

  private static Optional<Path> onPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(place -> Path.of(place, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
