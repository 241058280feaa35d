package dev.athanor.domain.campaigns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.campaigns.PushBatch.Story;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoryTest {
  /// What a push service takes, without what is around title and body.
  private static final int ROOM = 3_500;

  @ParameterizedTest
  @ValueSource(strings = {"a", "é", "世", "⚽", "\"", "\n", "😀"})
  void story_asLongAsEditorsMayWrite_fitsIntoAPush(String character) {
    Story story = story(character.repeat(300), character.repeat(1_000));

    int bytes =
        new JsonObject().put("title", story.title()).put("body", story.body()).toBuffer().length();
    assertThat(bytes).isLessThanOrEqualTo(ROOM);
    assertThat(story.title()).startsWith(character);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "é", "世"})
  void story_ofUsualLength_staysAsItIs(String character) {
    Story story = story(character.repeat(100), character.repeat(300));

    assertThat(story.title()).isEqualTo(character.repeat(100));
    assertThat(story.body()).isEqualTo(character.repeat(300));
  }

  private static Story story(String title, String body) {
    return new Story(UUID.randomUUID(), title, body, Instant.EPOCH);
  }
}
