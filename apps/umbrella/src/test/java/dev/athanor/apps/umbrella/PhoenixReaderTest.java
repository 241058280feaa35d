package dev.athanor.apps.umbrella;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** A story reaches readers who use the unmodified npm package phoenix. */
@QuarkusTest
class PhoenixReaderTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TestHTTPResource URI base;

  @Test
  void reader_joinedToAStream_seesTheStoryPublishedChangedAndWithdrawn() throws Exception {
    try (NodeReader reader = NodeReader.join(base, "stream:tennis", 3)) {
      String id =
          given()
              .auth()
              .preemptive()
              .basic("editor", Desk.PASSWORD)
              .contentType("application/json")
              .body(
                  """
                  {"type":"article","title":"Five sets, five hours","body":"It went on and on.",
                   "streams":["tennis"],"breaking":true,"publish":true}
                  """)
              .post("/api/cms/posts")
              .then()
              .statusCode(201)
              .extract()
              .path("id");
      assertThat(reader.next("post", 3))
          .allSatisfy(
              post -> {
                assertThat(post.get("id").asText()).isEqualTo(id);
                assertThat(post.get("breaking").asBoolean()).isTrue();
                assertThat(post.get("streams").get(0).asText()).isEqualTo("tennis");
              });
      JsonNode listed =
          JSON.readTree(given().get("/api/streams/tennis/posts?limit=1").asString())
              .get("data")
              .get(0);
      assertThat(reader.seen("post").getFirst()).isEqualTo(listed);

      given()
          .auth()
          .preemptive()
          .basic("editor", Desk.PASSWORD)
          .contentType("application/json")
          .body("{\"title\":\"Five sets, six hours\"}")
          .patch("/api/cms/posts/" + id)
          .then()
          .statusCode(200)
          .body("title", equalTo("Five sets, six hours"));
      assertThat(reader.next("post_updated", 3))
          .allSatisfy(
              post -> assertThat(post.get("title").asText()).isEqualTo("Five sets, six hours"));

      given()
          .auth()
          .preemptive()
          .basic("editor", Desk.PASSWORD)
          .delete("/api/cms/posts/" + id)
          .then()
          .statusCode(204);
      assertThat(reader.next("post_withdrawn", 3))
          .allSatisfy(post -> assertThat(post.get("id").asText()).isEqualTo(id));
    }
  }

  /** The Node process with its readers, and what they printed. */
  private static final class NodeReader implements AutoCloseable {
    private final Process process;
    private final Queue<JsonNode> lines = new ConcurrentLinkedQueue<>();

    private NodeReader(Process process) {
      this.process = process;
      Thread.ofVirtual()
          .start(
              () ->
                  process
                      .inputReader()
                      .lines()
                      .forEach(
                          line -> {
                            try {
                              lines.add(JSON.readTree(line));
                            } catch (IOException e) {
                              throw new UncheckedIOException(line, e);
                            }
                          }));
    }

    static NodeReader join(URI base, String topic, int readers) throws Exception {
      Path folder = NodeFolder.prepared();
      Process process =
          new ProcessBuilder(
                  Tools.require("node").toString(),
                  "reader.mjs",
                  "ws://" + base.getAuthority() + "/socket",
                  topic,
                  Integer.toString(readers))
              .directory(folder.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      NodeReader reader = new NodeReader(process);
      await("readers join")
          .atMost(Duration.ofSeconds(20))
          .until(() -> reader.lines.stream().anyMatch(line -> is(line, "joined")));
      return reader;
    }

    List<JsonNode> next(String event, int count) {
      await(event + " reaches " + count + " readers")
          .atMost(Duration.ofSeconds(5))
          .until(() -> seen(event).size() >= count);
      assertThat(seen(event)).hasSize(count);
      return seen(event);
    }

    List<JsonNode> seen(String event) {
      return lines.stream().filter(line -> is(line, event)).map(l -> l.get("payload")).toList();
    }

    private static boolean is(JsonNode line, String event) {
      return line.get("event").asText().equals(event);
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
