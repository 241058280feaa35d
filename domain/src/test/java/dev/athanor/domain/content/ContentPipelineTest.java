package dev.athanor.domain.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.validation.FieldError;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentPipelineTest {
  @Test
  void run_emptyDraft_namesEveryMissingField() {
    assertThat(fields(new Draft(null, null, null, null, null, List.of(), false, true)))
        .containsExactly("type", "streams");
    assertThat(fields(draft("article", null, null, null))).containsExactly("title", "body");
    assertThat(fields(draft("video", null, null, null))).containsExactly("title", "url");
    assertThat(fields(draft("tweet", null, null, null))).containsExactly("body");
    assertThat(fields(draft("score", " ", null, null))).containsExactly("title");
  }

  @ParameterizedTest
  @CsvSource({
    "video, https://cdn.example.org/goal.mp4, true",
    "video, HTTP://CDN.example.org/Goal.MP4?x=1, true",
    "video, https://www.youtube.com/watch?v=abc, true",
    "video, https://m.youtube.com/watch?v=abc, true",
    "video, https://www.youtube.com/, false",
    "video, https://notyoutube.com/watch, false",
    "video, https://youtube.com.evil.example/watch, false",
    "video, https://cdn.example.org/goal.mp3, false",
    "video, ftp://cdn.example.org/goal.mp4, false",
    "audio, https://cdn.example.org/talk.ogg, true",
    "audio, https://open.spotify.com/episode/1, true",
    "audio, https://cdn.example.org/talk.mp4, false",
    "link, https://example.org, true",
    "link, https://user:secret@example.org/, false",
    "link, javascript:alert(1), false",
    "link, //example.org/, false",
    "link, https://example.org:99999/, false",
    "link, https:///nohost, false"
  })
  void run_url_isCheckedByItsType(String type, String url, boolean accepted) {
    assertThat(fields(draft(type, "Title", null, url)).isEmpty()).isEqualTo(accepted);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPS://Example.ORG, https://example.org/",
    "https://example.org:443/a b, https://example.org/a%20b",
    "http://example.org:8080/, http://example.org:8080/",
    "https://müller.example/ä, https://xn--mller-kva.example/%C3%A4",
    "' https://example.org/x?q=1#top ', https://example.org/x?q=1#top"
  })
  void run_url_becomesCanonical(String url, String canonical) {
    ContentPipeline.Outcome outcome = ContentPipeline.run(draft("link", "Title", null, url));

    assertThat(outcome.content().address.map(WebAddress::text)).contains(canonical);
  }

  @Test
  void run_tweet_countsCodePoints() {
    assertThat(fields(draft("tweet", null, "⚽".repeat(280), null))).isEmpty();
    assertThat(fields(draft("tweet", null, "🏆".repeat(280), null))).isEmpty();
    assertThat(errors(draft("tweet", null, "🏆".repeat(281), null)))
        .containsExactly(new FieldError("body", "at most 280 characters", "281 characters"));
    assertThat(errors(draft("tweet", "x".repeat(281), null, null)))
        .containsExactly(new FieldError("title", "at most 280 characters", "281 characters"));
  }

  @Test
  void run_limits_holdForEveryType() {
    Draft draft =
        new Draft(
            "article",
            "x".repeat(301),
            "x".repeat(1_001),
            "x".repeat(200_001),
            null,
            IntStream.range(0, 21).mapToObj(i -> "s" + i).toList(),
            false,
            true);

    assertThat(fields(draft)).containsExactly("title", "summary", "body", "streams");
  }

  @Test
  void run_text_isNormalized() {
    Draft draft =
        new Draft(
            "article",
            "  A\u0000 title\r\nof two  lines ",
            "",
            "One\r\ntwo\rthree\u0007 \ud800 e\u0301",
            null,
            List.of("news", " news ", "football"),
            false,
            true);

    ContentPipeline.Content content = ContentPipeline.run(draft).content();

    assertThat(content.title).isEqualTo("A title of two lines");
    assertThat(content.summary).isNull();
    assertThat(content.body).isEqualTo("One\ntwo\nthree \ufffd é");
    assertThat(content.streams).containsExactly("news", "football");
  }

  @Test
  void run_unknownType_listsAll() {
    assertThat(errors(draft("poem", "Title", "Body", null)))
        .containsExactly(
            new FieldError("type", "one of article, video, audio, tweet, link, score", "\"poem\""));
  }

  private static Draft draft(
      String type, @Nullable String title, @Nullable String body, @Nullable String url) {
    return new Draft(type, title, null, body, url, List.of("news"), false, true);
  }

  private static List<FieldError> errors(Draft draft) {
    return ContentPipeline.run(draft).errors();
  }

  private static List<String> fields(Draft draft) {
    return errors(draft).stream().map(FieldError::field).toList();
  }
}
