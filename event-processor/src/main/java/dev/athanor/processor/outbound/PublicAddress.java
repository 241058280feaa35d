package dev.athanor.processor.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;

/// Tells addresses of the public internet from those of this machine and its network (RFC 6890 and
/// the IANA registries of special-purpose addresses).
final class PublicAddress {
  private static final int[][] NOT_PUBLIC_4 = {
    {0x00000000, 8}, // this network
    {0x0A000000, 8}, // private
    {0x64400000, 10}, // shared by carriers (CGNAT)
    {0x7F000000, 8}, // loopback
    {0xA9FE0000, 16}, // link-local, cloud metadata
    {0xAC100000, 12}, // private
    {0xC0000000, 24}, // protocol assignments
    {0xC0000200, 24}, // documentation
    {0xC0586300, 24}, // 6to4 relays
    {0xC0A80000, 16}, // private
    {0xC6120000, 15}, // benchmarks
    {0xC6336400, 24}, // documentation
    {0xCB007100, 24}, // documentation
    {0xE0000000, 4}, // multicast
    {0xF0000000, 4}, // reserved, broadcast
  };

  private PublicAddress() {}

  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? isPublic4(bytes) : isPublic6(bytes);
  }

  private static boolean isPublic4(byte[] bytes) {
    int address =
        (bytes[0] & 0xFF) << 24
            | (bytes[1] & 0xFF) << 16
            | (bytes[2] & 0xFF) << 8
            | (bytes[3] & 0xFF);
    for (int[] range : NOT_PUBLIC_4) {
      int mask = -1 << (32 - range[1]);
      if ((address & mask) == range[0]) {
        return false;
      }
    }
    return true;
  }

  /// Only global unicast (2000::/3) is public, and of that not what carries an IPv4 address of
  /// which nobody knows where it leads (6to4, Teredo), nor documentation, benchmarks, ORCHID, SRv6.
  private static boolean isPublic6(byte[] b) {
    if (isMapped(b)) {
      return isPublic4(Arrays.copyOfRange(b, 12, 16));
    }
    if ((b[0] & 0xE0) != 0x20) {
      return false;
    }
    int first = (b[0] & 0xFF) << 8 | (b[1] & 0xFF);
    int second = (b[2] & 0xFF) << 8 | (b[3] & 0xFF);
    boolean assignments = first == 0x2001 && second < 0x0200;
    boolean documentation = (first == 0x2001 && second == 0x0DB8) || (first & 0xFFF0) == 0x3FF0;
    return !assignments && !documentation && first != 0x2002;
  }

  private static boolean isMapped(byte[] b) {
    for (int i = 0; i < 10; i++) {
      if (b[i] != 0) {
        return false;
      }
    }
    boolean mapped = (b[10] & 0xFF) == 0xFF && (b[11] & 0xFF) == 0xFF;
    boolean compatible = b[10] == 0 && b[11] == 0;
    return mapped || compatible;
  }

  /// The address that a text of digits stands for; for tests and allow-lists.
  static InetAddress parse(String digits) {
    try {
      return InetAddress.ofLiteral(digits);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("expected an IP address, got " + digits, e);
    }
  }
}
