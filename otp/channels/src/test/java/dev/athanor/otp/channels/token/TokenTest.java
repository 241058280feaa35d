package dev.athanor.otp.channels.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.channels.token.Token.Verified;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class TokenTest {
  private static final byte[] SECRET =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
  private static final Duration DAY = Duration.ofDays(1);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final InstantSource clock = () -> now;
  private final Token token = new Token(SECRET, "user socket", clock);

  @Test
  void verify_ownToken_tellsTextAndTime() {
    assertThat(token.verify(token.sign("jürgen"), DAY))
        .isEqualTo(new Verified.Valid("jürgen", now));
  }

  @Test
  void verify_tooOld_isExpired() {
    String signed = token.sign("u1");
    Instant then = now;
    now = now.plus(DAY);
    assertThat(token.verify(signed, DAY)).isInstanceOf(Verified.Valid.class);
    now = now.plusMillis(1);
    assertThat(token.verify(signed, DAY)).isEqualTo(new Verified.Expired(then));
  }

  @Test
  void verify_otherPurposeOrSecret_isInvalid() {
    String signed = token.sign("u1");
    byte[] other = SECRET.clone();
    other[0]++;
    assertThat(new Token(SECRET, "reset", clock).verify(signed, DAY))
        .isEqualTo(new Verified.Invalid());
    assertThat(new Token(other, "user socket", clock).verify(signed, DAY))
        .isEqualTo(new Verified.Invalid());
  }

  @Test
  void verify_everyChangedCharacter_isInvalid() {
    String signed = token.sign("u1");
    for (int i = 0; i < signed.length() - 1; i++) {
      char changed = signed.charAt(i) == 'x' ? 'y' : 'x';
      String forged = signed.substring(0, i) + changed + signed.substring(i + 1);
      assertThat(token.verify(forged, DAY)).as("at %s", i).isEqualTo(new Verified.Invalid());
    }
    assertThat(token.verify("", DAY)).isEqualTo(new Verified.Invalid());
    assertThat(token.verify("A1..", DAY)).isEqualTo(new Verified.Invalid());
  }

  @Test
  void create_shortSecret_isRefused() {
    assertThatThrownBy(() -> new Token(new byte[31], "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32");
  }
}
