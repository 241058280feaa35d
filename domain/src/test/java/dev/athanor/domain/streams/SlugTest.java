package dev.athanor.domain.streams;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlugTest {
  @ParameterizedTest
  @CsvSource({
    "Brighton & Hove Albion FC, brighton-and-hove-albion-fc",
    "Borussia Mönchengladbach, borussia-monchengladbach",
    "1. FC Köln, 1-fc-koln",
    "Łódź, lodz",
    "Straße, strasse",
    "Türkiye, turkiye",
    "İstanbul Başakşehir, istanbul-basaksehir",
    "Côte d’Ivoire, cote-divoire",
    "--a  b--, a-b",
    "Ｆｕｌｌｗｉｄｔｈ, fullwidth",
    "São Paulo/SP, sao-paulo-sp"
  })
  void of_name_isItsAddress(String name, String slug) {
    assertThat(Slug.of(name)).isEqualTo(slug);
    assertThat(Slug.isValid(slug)).isTrue();
    assertThat(Slug.of(slug)).isEqualTo(slug);
  }

  @Test
  void of_nothingLatin_isEmpty() {
    assertThat(Slug.of("中国")).isEmpty();
    assertThat(Slug.isValid("")).isFalse();
  }

  @Test
  void of_longName_isCutBetweenWords() {
    String slug = Slug.of("word ".repeat(60));

    assertThat(slug).hasSizeLessThanOrEqualTo(Slug.LONGEST).endsWith("-word");
    assertThat(Slug.isValid(slug)).isTrue();
  }
}
