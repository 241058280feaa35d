package dev.athanor.domain.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PostJsonTest {
  private static final Post POST =
      new Post(
          UUID.fromString("01939f6e-5d00-7000-8000-000000000001"),
          PostType.TWEET,
          "",
          null,
          "Tor! \"Zwei\" zu null ⚽\n",
          null,
          true,
          Instant.parse("2026-11-21T10:45:37.1Z"),
          List.of("news", "football"),
          PostStatus.PUBLISHED);

  @Test
  void encode_post_hasEveryFieldInOrder() {
    assertThat(PostJson.encode(POST))
        .isEqualTo(
            "{\"id\":\"01939f6e-5d00-7000-8000-000000000001\",\"type\":\"tweet\",\"title\":\"\","
                + "\"summary\":null,\"body\":\"Tor! \\\"Zwei\\\" zu null ⚽\\n\",\"url\":null,"
                + "\"breaking\":true,\"published_at\":\"2026-11-21T10:45:37.100000Z\","
                + "\"streams\":[\"news\",\"football\"]}");
  }

  @Test
  void decode_whatEncodeMade_isEqual() {
    assertThat(PostJson.decode(PostJson.encode(POST))).isEqualTo(POST);
    assertThat(PostJson.decodePage("[" + PostJson.encode(POST) + "]")).containsExactly(POST);
    assertThat(PostJson.decodePage("[]")).isEmpty();
  }

  @Test
  void decode_anythingElse_isRefused() {
    for (String json : new String[] {"", "[]", "{}", "null", "{\"id\":1", "{\"type\":\"x\"}"}) {
      assertThatThrownBy(() -> PostJson.decode(json)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
