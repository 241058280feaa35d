package dev.athanor.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostStatus;
import dev.athanor.domain.content.PostType;
import dev.athanor.web.pages.PostView.Board;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostViewTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          GOAL! Qatar 0–1 Ecuador (Enner Valencia 16', penalty) | Goal | Qatar | 0–1 | Ecuador | Enner Valencia 16', penalty
          GOAL! Qatar 0–1 Ecuador (16') | Goal | Qatar | 0–1 | Ecuador | 16'
          Half time: Al Ahly SC (EGY) 0–0 Inter Miami CF (USA) | Half time | Al Ahly SC (EGY) | 0–0 | Inter Miami CF (USA) | -
          Half time: Brazil – Mexico | Half time | Brazil | – | Mexico | -
          Full time: A 3–3 B (after extra time, 4–2 on penalties) | Full time | A | 3–3 | B | after extra time, 4–2 on penalties
          Kick-off: 1. FC Köln – FC Schalke 04 | Kick-off | 1. FC Köln | v | FC Schalke 04 | -
          """)
  void board_ofAScoresTitle_isRead(
      String title, String phase, String team1, String middle, String team2, String detail) {
    PostView view = view(PostType.SCORE, title, null, null);

    assertThat(view.board()).isEqualTo(new Board(phase, team1, middle, team2, detail));
    assertThat(view.label()).isEqualTo(phase);
  }

  @Test
  void board_ofOtherTitles_isNone() {
    assertThat(view(PostType.SCORE, "Rain stops play", null, null).board()).isNull();
    assertThat(view(PostType.ARTICLE, "Half time: A 0–0 B", null, null).board()).isNull();
  }

  @Test
  void players_byFile_areChosen() {
    PostView film = view(PostType.VIDEO, "x", null, "https://e.org/a.MP4?t=1");
    PostView page = view(PostType.VIDEO, "x", null, "https://www.youtube.com/watch?v=1");

    assertThat(film.film()).isNotNull();
    assertThat(film.outside()).isNull();
    assertThat(page.film()).isNull();
    assertThat(page.outsideHost()).isEqualTo("youtube.com");
  }

  @Test
  void text_withEmptyLines_isSplitIntoParagraphs() {
    assertThat(view(PostType.ARTICLE, "x", "One\n\n Two\nlines\n\n\n", null).paragraphs())
        .hasSize(2);
  }

  private static PostView view(PostType type, String title, String body, String url) {
    return PostView.of(
        new Post(
            new UUID(0, 1),
            type,
            title,
            null,
            body,
            url,
            false,
            Instant.EPOCH,
            List.of("news"),
            PostStatus.PUBLISHED),
        Map.of("news", "News"));
  }
}
