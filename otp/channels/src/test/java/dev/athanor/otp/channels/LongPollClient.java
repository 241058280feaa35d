package dev.athanor.otp.channels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A client that polls by hand.
final class LongPollClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  record Answer(int http, JsonNode body) {
    int status() {
      return body.path("status").asInt();
    }

    List<String> messages() {
      List<String> all = new ArrayList<>();
      body.path("messages").forEach(message -> all.add(message.asText()));
      return all;
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  String token = "";

  LongPollClient(int port, String query) {
    url = "http://127.0.0.1:" + port + "/socket/longpoll?" + query;
  }

  static LongPollClient open(int port, String query) throws Exception {
    LongPollClient client = new LongPollClient(port, query);
    Answer answer = client.poll();
    if (answer.status() != 410) {
      throw new IllegalStateException("expected a new session, got " + answer);
    }
    client.token = answer.body().get("token").asText();
    return client;
  }

  Answer poll(String... headers) throws Exception {
    return answer(http.send(get(headers), HttpResponse.BodyHandlers.ofString()));
  }

  CompletableFuture<Answer> pollLater() {
    return http.sendAsync(get(), HttpResponse.BodyHandlers.ofString())
        .thenApply(LongPollClient::answer);
  }

  private HttpRequest get(String... headers) {
    HttpRequest.Builder request = request();
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.GET().build();
  }

  Answer post(String... lines) throws Exception {
    return send("POST", "application/x-ndjson", String.join("\n", lines));
  }

  Answer send(String method, String type, String body) throws Exception {
    return send(method, type, body.getBytes(StandardCharsets.UTF_8));
  }

  Answer send(String method, String type, byte[] body) throws Exception {
    HttpRequest request =
        request()
            .header("content-type", type)
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return answer(http.send(request, HttpResponse.BodyHandlers.ofString()));
  }

  HttpResponse<String> preflight() throws Exception {
    HttpRequest request =
        request()
            .header("access-control-request-headers", "content-type")
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request() {
    String more =
        token.isEmpty() ? "" : "&token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
    return HttpRequest.newBuilder(URI.create(url + more)).timeout(Duration.ofSeconds(10));
  }

  private static Answer answer(HttpResponse<String> response) {
    try {
      String body = response.body();
      return new Answer(response.statusCode(), JSON.readTree(body.isEmpty() ? "{}" : body));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
