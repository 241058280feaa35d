package dev.athanor.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AssetsTest {
  @Test
  void version_coversEveryScriptAndStyle() throws IOException, URISyntaxException {
    Path card = Path.of(Assets.class.getResource("/META-INF/resources/assets/card.js").toURI());
    try (Stream<Path> files = Files.list(card.getParent())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.endsWith(".js") || name.endsWith(".css"))
          .containsExactlyInAnyOrderElementsOf(Assets.FILES);
    }
  }
}
