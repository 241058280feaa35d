package dev.athanor.processor.campaign;

import java.util.UUID;

/// Names a push: the same for the same campaign and device, however often it is sent, and another
/// for any other (RFC 9562, version 8).
final class PushIds {
  private PushIds() {}

  static UUID of(UUID campaign, long device) {
    long high = mix(campaign.getMostSignificantBits() ^ mix(device));
    long low = mix(campaign.getLeastSignificantBits() + device);
    return new UUID(
        (high & 0xFFFF_FFFF_FFFF_0FFFL) | 0x8000L,
        (low & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
  }

  /// SplitMix64's finalizer.
  private static long mix(long value) {
    long z = value + 0x9E37_79B9_7F4A_7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
