package dev.athanor.perf.load;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// An editor: publishes stories through the JSON API with HTTP Basic, one at a time.
final class Publisher {
  private final HttpClient client;
  private final URI url;
  private final String authorization;
  private final String stream;
  private final List<String> published = new ArrayList<>();

  Publisher(Vertx vertx, URI url, String user, String password, String stream) {
    this.client = vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(1));
    this.url = url;
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    this.stream = stream;
  }

  /// Publishes and waits for the answer; `publication` takes the times.
  void publish(String title, Publication publication, Duration wait) throws Exception {
    JsonObject body =
        new JsonObject()
            .put("type", "article")
            .put("title", title)
            .put("summary", "A story that measures its own way to the readers.")
            .put("body", "It says nothing else. ".repeat(10))
            .put("streams", new JsonArray().add(stream))
            .put("breaking", false)
            .put("publish", true);
    publication.callNow();
    Answer answer = send(HttpMethod.POST, "/api/cms/posts", body.toBuffer(), publication, wait);
    if (answer.status != 201) {
      throw new IllegalStateException(
          "POST /api/cms/posts: expected 201, got %d: %s".formatted(answer.status, answer.body));
    }
    published.add(new JsonObject(answer.body).getString("id"));
  }

  /// Takes back what was published.
  void withdrawAll(Duration within) throws Exception {
    long end = System.nanoTime() + within.toNanos();
    for (String id : published) {
      Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
      send(HttpMethod.DELETE, "/api/cms/posts/" + id, Buffer.buffer(), new Publication(0), left);
    }
  }

  private record Answer(int status, Buffer body) {}

  private Answer send(
      HttpMethod method, String path, Buffer body, Publication publication, Duration wait)
      throws Exception {
    return client
        .request(method, url.getPort(), url.getHost(), path)
        .compose(
            request -> {
              request.putHeader("Authorization", authorization);
              if (body.length() > 0) {
                request.putHeader("Content-Type", "application/json");
              }
              return request.send(body);
            })
        .compose(
            response -> {
              publication.answerNow();
              return response.body().map(text -> new Answer(response.statusCode(), text));
            })
        .toCompletionStage()
        .toCompletableFuture()
        .get(wait.toNanos(), TimeUnit.NANOSECONDS);
  }
}
