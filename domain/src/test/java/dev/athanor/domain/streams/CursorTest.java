package dev.athanor.domain.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  @Test
  void parse_itsOwnText_isTheSamePlace() {
    Cursor cursor = new Cursor(Instant.parse("2026-11-21T10:45:37.123456Z"), UUID.randomUUID());

    assertThat(Cursor.parse(cursor.toString())).isEqualTo(cursor);
    assertThat(cursor.toString()).hasSize(32).matches("[A-Za-z0-9_-]+");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+A",
        "_____________________________ä__",
        "f_______________________________",
        "gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void parse_anythingElse_isABadCursor(String text) {
    assertThatThrownBy(() -> Cursor.parse(text))
        .isInstanceOfSatisfying(BadCursor.class, e -> assertThat(e.got()).isEqualTo(text))
        .hasMessageContaining("next");
  }
}
