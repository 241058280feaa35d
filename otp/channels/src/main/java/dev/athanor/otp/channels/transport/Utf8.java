package dev.athanor.otp.channels.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Checks text for being UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above
/// U+10FFFF.
public final class Utf8 {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private Utf8() {}

  /// Looks at all of it.
  ///
  /// @param text the bytes
  /// @return whether they are UTF-8
  public static boolean isValid(byte[] text) {
    int i = 0;
    int end = text.length;
    while (i < end) {
      while (i + 8 <= end && ((long) LONG.get(text, i) & 0x8080808080808080L) == 0) {
        i += 8;
      }
      if (i == end) {
        return true;
      }
      int first = text[i++];
      if (first >= 0) {
        continue;
      }
      int more = first < (byte) 0xc2 ? -1 : first < (byte) 0xe0 ? 1 : first < (byte) 0xf0 ? 2 : 3;
      if (more < 0 || first > (byte) 0xf4 || i + more > end) {
        return false;
      }
      int second = text[i];
      if ((second & 0xc0) != 0x80
          || (first == (byte) 0xe0 && second < (byte) 0xa0)
          || (first == (byte) 0xed && second > (byte) 0x9f)
          || (first == (byte) 0xf0 && second < (byte) 0x90)
          || (first == (byte) 0xf4 && second > (byte) 0x8f)) {
        return false;
      }
      for (int n = 1; n < more; n++) {
        if ((text[i + n] & 0xc0) != 0x80) {
          return false;
        }
      }
      i += more;
    }
    return true;
  }
}
