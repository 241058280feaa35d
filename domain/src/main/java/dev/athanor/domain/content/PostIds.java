package dev.athanor.domain.content;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/// Makes time-ordered UUIDs (RFC 9562, version 7): 48 bits of milliseconds, then chance, so that
/// new posts lie side by side in the index.
final class PostIds {
  private PostIds() {}

  static UUID next(Instant now) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high = (now.toEpochMilli() << 16) | 0x7000L | (random.nextLong() & 0x0FFFL);
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
