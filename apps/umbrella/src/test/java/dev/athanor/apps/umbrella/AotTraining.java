package dev.athanor.apps.umbrella;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the AOT cache of the packaged umbrella: runs it once along the main path while the JDK
 * records, and checks that the cache starts it again. Runs in the Maven profile {@code aot} only.
 */
class AotTraining {
  private static final Path CACHE = PackagedUmbrella.JAR.resolveSibling("app.aot");
  private static final String COMPACT = "-XX:+UseCompactObjectHeaders";
  private static final int ROUNDS = 50;

  @Test
  void package_trained_leavesACacheThatStartsIt(@TempDir Path folder) throws Exception {
    Files.deleteIfExists(CACHE);
    try (PackagedUmbrella umbrella =
        new PackagedUmbrella(folder, List.of(COMPACT, "-XX:AOTCacheOutput=" + CACHE))) {
      train(umbrella.start());
    }
    assertThat(CACHE).isNotEmptyFile();

    try (PackagedUmbrella umbrella =
        new PackagedUmbrella(folder, List.of(COMPACT, "-XX:AOTMode=on", "-XX:AOTCache=" + CACHE))) {
      assertThat(umbrella.start().get("/streams/football").body())
          .contains("Story " + ROUNDS + " ");
    }
  }

  private static void train(PackagedUmbrella umbrella) throws IOException, InterruptedException {
    for (int i = 1; i <= ROUNDS; i++) {
      String story =
          """
          {"type":"article","title":"Story %d of the training","body":"It happened today.",
           "streams":["football","news"],"publish":true}
          """
              .formatted(i);
      assertThat(umbrella.post("/api/cms/posts", story).statusCode()).isEqualTo(201);
      for (String path :
          List.of(
              "/", "/streams/football", "/api/streams/football/posts", "/api/streams", "/cms")) {
        assertThat(umbrella.get(path).statusCode()).isLessThan(400);
      }
      assertThat(umbrella.manage("/q/health").statusCode()).isEqualTo(200);
      assertThat(umbrella.manage("/q/metrics").statusCode()).isEqualTo(200);
    }
  }
}
