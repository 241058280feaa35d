package dev.athanor.domain.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.domain.validation.InvalidContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NicknameTest {
  @Test
  void nickname_withBlanks_isOneLineWithoutBlanksAround() {
    assertThat(Nickname.of("  Ada \t Lovelace ").text()).isEqualTo("Ada Lovelace");
    assertThat(Nickname.of("e\u0301mile").text()).isEqualTo("émile");
    assertThat(Nickname.of("👩\u200D🚀").text()).isEqualTo("👩\u200D🚀");
    assertThat(Nickname.of("🙂".repeat(30)).text()).hasSize(60);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "   ", "\u200D", "a\u202Eb", "a\u0000b", "\u200B", "a\uD800", "\uE000", "́"})
  void nickname_thatCannotBeSeen_isRefused(String typed) {
    assertThatThrownBy(() -> Nickname.of(typed))
        .isInstanceOf(InvalidContent.class)
        .hasMessageContaining("nickname");
  }

  @Test
  void nickname_tooLong_isRefusedWithItsLength() {
    assertThatThrownBy(() -> Nickname.of("x".repeat(31)))
        .hasMessage("nickname: expected 1 to 30 characters, got 31 characters");
  }

  @Test
  void key_ofTheSameNameWrittenOtherwise_isTheSame() {
    assertThat(Nickname.of("ＡＤＡ").key()).isEqualTo(Nickname.of("ada").key());
  }

  @Test
  void words_ofSeveralLines_keepThem() {
    assertThat(Words.checked("text", " one\r\n\n\n\ntwo ", 500, true)).isEqualTo("one\n\ntwo");
    assertThatThrownBy(() -> Words.checked("text", "x".repeat(501), 500, true))
        .hasMessageContaining("1 to 500 characters, got 501 characters");
  }
}
