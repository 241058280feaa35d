package dev.athanor.domain.people;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The credentials that were right within the last minute, so that not every request pays for
/// bcrypt. Kept as a keyed hash under a key that nobody has outside this JVM, never as text; only
/// right ones are kept, so there are few.
final class VerifiedCredentials {
  private static final long KEPT_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int MOST = 1_000;
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec secret;
  private final ConcurrentMap<Key, Long> verifiedAt = new ConcurrentHashMap<>();

  VerifiedCredentials() {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    secret = new SecretKeySpec(random, ALGORITHM);
  }

  /// A keyed hash of a name and a password.
  static final class Key {
    private final byte[] hash;

    private Key(byte[] hash) {
      this.hash = hash;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(hash, key.hash);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(hash);
    }
  }

  Key key(String user, String password) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      mac.update(user.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return new Key(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  boolean contains(Key key) {
    Long at = verifiedAt.get(key);
    return at != null && System.nanoTime() - at < KEPT_NANOS;
  }

  void add(Key key) {
    if (verifiedAt.size() >= MOST) {
      verifiedAt.clear();
    }
    verifiedAt.put(key, System.nanoTime());
  }
}
