package dev.athanor.otp.channels.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs a piece of text for a purpose and recognizes it later (`Phoenix.Token`), for instance the
/// id of a user in a page, to be handed back when its socket connects.
///
/// A token is readable by everybody and changeable by nobody: `A1.`, then time of signing and text
/// in base64, then an HMAC-SHA256 of both under a key that is derived from the secret and the
/// purpose, so that a token for one purpose is worth nothing for another. Immutable; may be used
/// from any thread.
public final class Token {
  private static final String VERSION = "A1.";
  private static final int LEAST_SECRET = 32;
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final byte[] key;
  private final InstantSource clock;

  /// A signer for one purpose.
  ///
  /// @param secret at least 32 bytes nobody can guess, the same on all nodes
  /// @param purpose for instance `user socket`
  public Token(byte[] secret, String purpose) {
    this(secret, purpose, InstantSource.system());
  }

  /// A signer for one purpose, with a clock of the caller's.
  ///
  /// @param secret at least 32 bytes nobody can guess, the same on all nodes
  /// @param purpose for instance `user socket`
  /// @param clock what tells the time
  public Token(byte[] secret, String purpose, InstantSource clock) {
    if (secret.length < LEAST_SECRET) {
      throw new IllegalArgumentException(
          "expected a secret of at least " + LEAST_SECRET + " bytes, got " + secret.length);
    }
    this.key = mac(secret, ("athanor token: " + purpose).getBytes(StandardCharsets.UTF_8));
    this.clock = clock;
  }

  /// What becomes of a token that is handed in.
  public sealed interface Verified {
    /// It was signed here for this purpose and is young enough.
    ///
    /// @param text what was signed
    /// @param signedAt when
    record Valid(String text, Instant signedAt) implements Verified {}

    /// It was signed here, too long ago.
    ///
    /// @param signedAt when
    record Expired(Instant signedAt) implements Verified {}

    /// It was not signed here, or not for this purpose.
    record Invalid() implements Verified {}
  }

  /// Signs a text.
  ///
  /// @param text what to sign; everybody can read it in the token
  /// @return a token of letters, digits, `-`, `_` and `.`
  public String sign(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    byte[] body = ByteBuffer.allocate(8 + utf8.length).putLong(clock.millis()).put(utf8).array();
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    return VERSION + encoder.encodeToString(body) + "." + encoder.encodeToString(mac(key, body));
  }

  /// Looks at a token somebody handed in; never throws for what is in it.
  ///
  /// @param token the token
  /// @param maxAge how long ago it may have been signed
  /// @return what it is worth
  public Verified verify(String token, Duration maxAge) {
    int dot = token.lastIndexOf('.');
    if (!token.startsWith(VERSION) || dot < VERSION.length()) {
      return new Verified.Invalid();
    }
    byte[] body;
    byte[] signature;
    try {
      body = Base64.getUrlDecoder().decode(token.substring(VERSION.length(), dot));
      signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
    } catch (IllegalArgumentException notBase64) {
      return new Verified.Invalid();
    }
    if (body.length < 8 || !MessageDigest.isEqual(signature, mac(key, body))) {
      return new Verified.Invalid();
    }
    Instant signedAt = Instant.ofEpochMilli(ByteBuffer.wrap(body).getLong());
    Instant now = clock.instant();
    if (signedAt.isAfter(now.plus(SKEW)) || now.minus(maxAge).isAfter(signedAt)) {
      return new Verified.Expired(signedAt);
    }
    return new Verified.Valid(
        new String(body, 8, body.length - 8, StandardCharsets.UTF_8), signedAt);
  }

  private static byte[] mac(byte[] key, byte[] data) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
