package dev.athanor.cms.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.cms.access.Sessions.Session;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void session_ofAnotherInstanceWithTheKey_isRead() {
    Session session = at(NOW).login("editor");

    assertThat(at(NOW).read(session.token())).isEqualTo(session);
    assertThat(at(NOW).read(session.token()).isEditor()).isTrue();
    assertThat(session.sent(session.formToken())).isTrue();
    assertThat(session.sent(session.token())).isFalse();
  }

  @Test
  void session_over_isNotRead() {
    Session session = at(NOW).login("editor");

    assertThat(at(NOW.plus(Duration.ofHours(13))).read(session.token())).isNull();
  }

  @Test
  void session_forged_isNotRead() {
    String token = at(NOW).visit().token();
    String signature = token.substring(token.indexOf('.'));

    assertThat(at(NOW).read(at(NOW).login("editor").token().replaceFirst("\\..*", signature)))
        .isNull();
    assertThat(at(NOW).read("x" + token)).isNull();
    assertThat(at(NOW).read("")).isNull();
    assertThat(at(NOW).read(null)).isNull();
  }

  @Test
  void key_short_isRefused() {
    assertThatThrownBy(() -> new Sessions("short", Duration.ofHours(1), Clock.systemUTC()))
        .hasMessageContaining("at least 32 characters, got 5");
  }

  private static Sessions at(Instant now) {
    return new Sessions(KEY, Duration.ofHours(12), Clock.fixed(now, ZoneOffset.UTC));
  }
}
