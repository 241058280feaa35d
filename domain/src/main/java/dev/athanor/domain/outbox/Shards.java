package dev.athanor.domain.outbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The parts into which keys fall: everything that happens to one key is in one shard, has one
/// relay, and travels through one queue of a broker. The database computes the same in a generated
/// column; the number is a property of the schema, not a setting, so that no two nodes differ
/// about it.
public final class Shards {
  /// How many there are: 4.
  public static final int COUNT = 4;

  private Shards() {}

  /// The shard of a key, from 0; any thread.
  public static int of(String key) {
    try {
      byte[] digest = MessageDigest.getInstance("MD5").digest(key.getBytes(StandardCharsets.UTF_8));
      return digest[0] & (COUNT - 1);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java platform has MD5", impossible);
    }
  }
}
