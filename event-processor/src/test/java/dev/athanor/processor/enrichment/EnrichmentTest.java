package dev.athanor.processor.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnrichmentTest {

  @Test
  void of_nothing_isEmpty() {
    assertThat(Enrichment.of(null)).isEqualTo(Enrichment.of("  \n"));
    assertThat(Enrichment.of(null).words()).isZero();
    assertThat(Enrichment.of(null).readingSeconds()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Gakpo scores|2",
        "They don't lose 2-1 at home|6",
        "It ended 3,5 - 2 after ninety...minutes|7",
        "Müller trifft <b class=\"x\">zweimal</b>|3",
        "see https://example.org/a-long/path here|2",
        "東京 wins|3",
        "a < b and c > d|5",
      })
  void of_text_countsWords(String text, int words) {
    assertThat(Enrichment.of(text).words()).isEqualTo(words);
  }

  @Test
  void of_longText_roundsReadingTimeUp() {
    String text = IntStream.range(0, 239).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));

    assertThat(Enrichment.of(text).readingSeconds()).isEqualTo(61);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Read https://example.org/a.|https://example.org/a|example.org",
        "(see http://Example.ORG:8080/x)|http://Example.ORG:8080/x|example.org",
        "[it](https://e.org/Cup_(1966))|https://e.org/Cup_(1966)|e.org",
        "<a href=\"https://e.org/?a=1&b=2\">x</a>|https://e.org/?a=1&b=2|e.org",
        "**https://bücher.example/**|https://bücher.example/|xn--bcher-kva.example",
        "at http://user:secret@e.org/|http://user:secret@e.org/|e.org",
        "at http://[::1]:9/x|http://[::1]:9/x|[::1]",
      })
  void of_textWithAddress_findsLinkAndHost(String text, String url, String host) {
    assertThat(Enrichment.of(text).links()).containsExactly(new Link(url, host));
  }

  @ParameterizedTest
  @CsvSource({"ftp://example.org/x", "https://", "http://%zz", "javascript:alert(1)", "https:///x"})
  void of_textWithoutUsableAddress_findsNone(String text) {
    assertThat(Enrichment.of(text).links()).isEmpty();
  }

  @Test
  void of_repeatedAddress_keepsItOnceInOrder() {
    assertThat(Enrichment.of("https://b.org https://a.org, https://b.org").links())
        .extracting(Link::host)
        .containsExactly("b.org", "a.org");
  }

  @Test
  void of_manyAddresses_keepsTheFirstHundred() {
    String text =
        IntStream.range(0, 500)
            .mapToObj(i -> "https://e.org/" + i)
            .collect(Collectors.joining(" "));

    assertThat(Enrichment.of(text).links()).hasSize(Enrichment.MAX_LINKS);
  }
}
