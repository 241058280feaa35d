package dev.athanor.cms.access;

import dev.athanor.cms.CmsConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Makes and reads the signed tokens that browsers keep as session cookies (what Phoenix.Token is
/// for). A token says who, until when, and a random name; its signature is HMAC-SHA-256. The server
/// keeps nothing, so every instance with the same key reads every session. Any thread.
@ApplicationScoped
public class Sessions {
  private static final int SHORTEST_KEY = 32;
  private static final Duration VISIT = Duration.ofHours(2);
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final SecretKeySpec key;
  private final Duration lifetime;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  @Inject
  Sessions(CmsConfig config) {
    this(config.session().key().orElse(null), config.session().lifetime(), Clock.systemUTC());
  }

  Sessions(@Nullable String secret, Duration lifetime, Clock clock) {
    byte[] bytes = new byte[SHORTEST_KEY];
    random.nextBytes(bytes);
    if (secret != null) {
      if (secret.length() < SHORTEST_KEY) {
        throw new IllegalArgumentException(
            "athanor.cms.session.key: expected at least "
                + SHORTEST_KEY
                + " characters, got "
                + secret.length());
      }
      bytes = secret.getBytes(StandardCharsets.UTF_8);
    }
    this.key = new SecretKeySpec(bytes, "HmacSHA256");
    this.lifetime = lifetime;
    this.clock = clock;
  }

  /// A session of an editor.
  public Session login(String user) {
    return make(user, lifetime);
  }

  /// A session of somebody who is not logged in, so that even the login form is guarded against
  /// forgery.
  public Session visit() {
    return make("", VISIT);
  }

  /// The session of a cookie; null when it is forged, broken or over.
  public @Nullable Session read(@Nullable String token) {
    if (token == null) {
      return null;
    }
    int dot = token.lastIndexOf('.');
    if (dot < 0 || !same(sign("session", token.substring(0, dot)), token.substring(dot + 1))) {
      return null;
    }
    String[] parts;
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(token.substring(0, dot));
      parts = new String(bytes, StandardCharsets.UTF_8).split("\\|", -1);
    } catch (IllegalArgumentException _) {
      return null;
    }
    if (parts.length != 3) {
      return null;
    }
    Instant until = Instant.ofEpochSecond(Long.parseLong(parts[0]));
    return clock.instant().isBefore(until) ? session(parts[2], until, token) : null;
  }

  private Session make(String user, Duration time) {
    byte[] name = new byte[16];
    random.nextBytes(name);
    Instant until = clock.instant().plus(time);
    String content = until.getEpochSecond() + "|" + BASE64.encodeToString(name) + "|" + user;
    String encoded = BASE64.encodeToString(content.getBytes(StandardCharsets.UTF_8));
    return session(user, until, encoded + "." + sign("session", encoded));
  }

  private Session session(String user, Instant until, String token) {
    return new Session(user, until, token, sign("form", token));
  }

  private String sign(String purpose, String content) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(purpose.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return BASE64.encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  /// One session.
  ///
  /// @param user who is logged in; empty for a visitor
  /// @param until when it is over
  /// @param token what the cookie holds
  /// @param formToken what every form of the session must carry
  public record Session(String user, Instant until, String token, String formToken) {
    /// Whether an editor is logged in.
    public boolean isEditor() {
      return !user.isEmpty();
    }

    /// Whether a form carried this session's token.
    public boolean sent(@Nullable String got) {
      return got != null && same(formToken, got);
    }

    @Override
    public String toString() {
      return "Session[" + user + ", until " + until + "]";
    }
  }
}
