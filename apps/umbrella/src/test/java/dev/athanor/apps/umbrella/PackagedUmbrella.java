package dev.athanor.apps.umbrella;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The built umbrella as a child process, with its data in a folder of its own: started as a user
 * starts it, ended as nobody should.
 */
final class PackagedUmbrella implements AutoCloseable {
  static final Path JAR =
      Path.of(System.getProperty("athanor.root", "../.."))
          .resolve("apps/umbrella/target/quarkus-app/quarkus-run.jar")
          .toAbsolutePath()
          .normalize();
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /** A JVM that writes an AOT cache does so while it ends. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * Flags for tests of what survives, not of how fast it runs: the first compiler alone starts
   * sooner.
   */
  static final List<String> QUICK =
      List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final Path home;
  private final List<String> flags;
  private final Map<String, String> settings = new HashMap<>();
  private final int port = freePort();
  private final int managementPort = freePort();
  private Process process;

  PackagedUmbrella(Path home, List<String> flags) {
    this.home = home;
    this.flags = List.copyOf(flags);
  }

  /** A setting, as an environment variable, for the starts from now on. */
  PackagedUmbrella with(String variable, String value) {
    settings.put(variable, value);
    return this;
  }

  /** Starts it and returns when it answers; fails with its output when it does not. */
  PackagedUmbrella start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-jar");
    command.add(JAR.toString());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().put("ATHANOR_EDITOR_PASSWORD", Desk.PASSWORD);
    builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
    builder.environment().put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
    builder.environment().putAll(settings);
    process = builder.start();
    await("the packaged umbrella answers")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(this::answers);
    return this;
  }

  /** Ends it with SIGKILL, without a word of warning, and waits until it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HTTP.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> manage(String path) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    String credentials =
        Base64.getEncoder()
            .encodeToString(("editor:" + Desk.PASSWORD).getBytes(StandardCharsets.UTF_8));
    return HTTP.send(
        request(path)
            .header("Authorization", "Basic " + credentials)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** As a reader's app does, with its token if it has one. */
  HttpResponse<String> reader(String token, String method, String path, String json)
      throws IOException, InterruptedException {
    return HTTP.send(
        request(path)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  String output() throws IOException {
    return Files.readString(log());
  }

  Path home() {
    return home;
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    if (process != null && process.isAlive()) {
      process.destroy();
      await("the umbrella stops").atMost(PATIENCE).until(() -> !process.isAlive());
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(10));
  }

  private boolean answers() throws IOException, InterruptedException {
    if (!process.isAlive()) {
      throw new IllegalStateException("The umbrella ended while starting:\n" + output());
    }
    try {
      return get("/api/streams").statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private Path log() {
    return home.resolve("umbrella.log");
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
