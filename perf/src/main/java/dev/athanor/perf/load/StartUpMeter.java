package dev.athanor.perf.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Measures how long a packaged application takes from its start to its first answer with status
/// 200, and what it occupies when it then idles for `--idle` seconds: resident memory of the JVM
/// and used heap. Linux only.
///
/// Each run starts the application anew on free ports, with a home (`--home`) that an earlier run
/// has filled, and ends it by SIGTERM. With `--aot` the cache in that file is used; when the file
/// is not there it is made first, by a training run.
public final class StartUpMeter {
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "jar", "apps/umbrella/target/quarkus-app/quarkus-run.jar",
          "home", "perf/target/home",
          "path", "/",
          "runs", "5",
          "idle", "10",
          "flags", "",
          "aot", "",
          "wait", "60",
          "train", "/,/api/streams,/streams/football,/api/streams/football/posts,/cms");

  private final Options options;
  private final Path java = Path.of(System.getProperty("java.home"), "bin");
  private final Path jar;
  private final Duration wait;

  private StartUpMeter(Options options) {
    this.options = options;
    this.jar = Path.of(options.text("jar")).toAbsolutePath();
    this.wait = options.seconds("wait", 600);
    if (!Files.isRegularFile(jar)) {
      throw new IllegalArgumentException(
          "expected a packaged application at " + jar + "; build it with ./mvnw package");
    }
  }

  /// Runs the meter and prints a Markdown table.
  ///
  /// @param args options as `--name value`; see the type
  /// @throws Exception if the application does not answer or does not end in time
  public static void main(String[] args) throws Exception {
    new StartUpMeter(Options.of(args, DEFAULTS)).run(Output.standard());
  }

  private void run(Output output) throws Exception {
    int runs = options.number("runs", 1, 100);
    measure(List.of(), Duration.ZERO);
    List<Run> plain = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      plain.add(measure(List.of(), idle(i)));
    }
    output.header("start", "first 200, median", "least", "most", "JVM idle", "heap idle");
    print(output, "plain JVM", plain);
    if (!options.text("aot").isEmpty()) {
      Path cache = Path.of(options.text("aot")).toAbsolutePath();
      if (!Files.exists(cache)) {
        train(cache);
      }
      List<Run> cached = new ArrayList<>();
      for (int i = 0; i < runs; i++) {
        cached.add(measure(List.of("-XX:AOTCache=" + cache), idle(i)));
      }
      print(output, "AOT cache, %d MB".formatted(Files.size(cache) >> 20), cached);
    }
  }

  /// Memory is read once, in the first run; the others only start.
  private Duration idle(int run) {
    return run == 0 ? options.seconds("idle", 600) : Duration.ZERO;
  }

  private record Run(long nanos, long residentKb, long heapKb) {}

  private Run measure(List<String> flags, Duration idle) throws Exception {
    int port = freePort();
    long from = System.nanoTime();
    Process server = start(flags, port);
    try {
      awaitFirst200(server, port, options.text("path"));
      long nanos = System.nanoTime() - from;
      if (idle.isZero()) {
        return new Run(nanos, 0, 0);
      }
      server.waitFor(idle.toNanos(), TimeUnit.NANOSECONDS);
      return new Run(nanos, Footprint.proportionalKb(server.pid()), Footprint.heapKb(server.pid()));
    } finally {
      end(server);
    }
  }

  private void train(Path cache) throws Exception {
    int port = freePort();
    Process server = start(List.of("-XX:AOTCacheOutput=" + cache), port);
    try {
      awaitFirst200(server, port, options.text("path"));
      for (String path : options.text("train").split(",", -1)) {
        for (int i = 0; i < 20; i++) {
          status(port, path);
        }
      }
    } finally {
      end(server);
    }
    if (!Files.exists(cache)) {
      throw new IllegalStateException("expected the training run to leave " + cache);
    }
  }

  private Process start(List<String> flags, int port) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java.resolve("java").toString());
    if (!options.text("flags").isBlank()) {
      command.addAll(List.of(options.text("flags").trim().split("\\s+", -1)));
    }
    command.addAll(flags);
    command.addAll(List.of("-jar", jar.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    Path home = Path.of(options.text("home")).toAbsolutePath();
    builder.environment().put("ATHANOR_HOME", Files.createDirectories(home).toString());
    builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
    builder.environment().put("QUARKUS_HTTP_PORT", String.valueOf(port));
    builder.environment().put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
    builder.environment().put("QUARKUS_MANAGEMENT_PORT", String.valueOf(freePort()));
    Path log = Files.createTempFile("athanor-start-", ".log");
    log.toFile().deleteOnExit();
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private void awaitFirst200(Process server, int port, String path) {
    long end = System.nanoTime() + wait.toNanos();
    while (status(port, path) != 200) {
      if (!server.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException(
            "expected 200 from %s within %s, got none".formatted(path, wait));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  /// The status of a GET, or 0 while nobody answers.
  private static int status(int port, String path) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n"
              .formatted(path, port)
              .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String line = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
      in.transferTo(OutputStream.nullOutputStream());
      return line.length() == 12 ? Integer.parseInt(line.substring(9)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void end(Process server) throws InterruptedException {
    server.destroy();
    if (!server.waitFor(120, TimeUnit.SECONDS)) {
      server.destroyForcibly();
      throw new IllegalStateException("expected the application to end within 120 s of SIGTERM");
    }
  }

  private static void print(Output output, String name, List<Run> runs) {
    List<Long> times = new ArrayList<>(runs.stream().map(Run::nanos).toList());
    Collections.sort(times);
    Run idle = runs.get(0);
    output.row(
        List.of(
            name,
            seconds(times.get(times.size() / 2)),
            seconds(times.get(0)),
            seconds(times.get(times.size() - 1)),
            megabytes(idle.residentKb),
            megabytes(idle.heapKb)));
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
  }

  private static String megabytes(long kb) {
    return String.format(Locale.ROOT, "%.0f MB", kb / 1024.0);
  }
}
