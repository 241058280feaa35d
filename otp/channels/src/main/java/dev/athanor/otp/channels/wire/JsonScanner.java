package dev.athanor.otp.channels.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Walks over JSON text in one array: checks the grammar of RFC 8259 and finds where values begin
/// and end, without building anything.
///
/// Nesting is followed with one bit a level in `open`, not with the stack, so that hostile depth
/// costs nothing but the frame's own length. The text must be valid UTF-8 (the WebSocket layer
/// checks that). Surrogates that are escaped must come in pairs, as nothing else can be written
/// again; Phoenix refuses others too.
final class JsonScanner {
  private static final int MAX_DEPTH = 1000;

  private final byte[] text;
  private int at;

  JsonScanner(byte[] text) {
    this.text = text;
  }

  int position() {
    return at;
  }

  /// Steps over blanks, then over this character or fails.
  void expect(char wanted) {
    if (!accept(wanted)) {
      throw bad("'" + wanted + "'");
    }
  }

  boolean accept(char wanted) {
    if (peek() == wanted) {
      at++;
      return true;
    }
    return false;
  }

  /// The next character that is no blank, or -1 at the end.
  int peek() {
    while (at < text.length) {
      byte c = text[at];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c;
      }
      at++;
    }
    return -1;
  }

  void end() {
    if (peek() != -1) {
      throw bad("the end");
    }
  }

  /// A string, decoded.
  String string(String what) {
    if (peek() != '"') {
      throw bad("a string as " + what);
    }
    int start = at + 1;
    boolean escaped = skipString();
    return escaped
        ? unescape(start, at - 1)
        : new String(text, start, at - 1 - start, StandardCharsets.UTF_8);
  }

  /// A string, a number or null as it stands; null for null.
  @Nullable String ref(String what) {
    int first = peek();
    int start = at;
    if (first == 'n') {
      literal("null");
      return null;
    }
    if (first == '"') {
      skipString();
    } else if (first == '-' || (first >= '0' && first <= '9')) {
      skipNumber();
    } else {
      throw bad("a string, a number or null as " + what);
    }
    return new String(text, start, at - start, StandardCharsets.UTF_8);
  }

  /// Steps over one value of any kind.
  void value() {
    long[] open = new long[1];
    int depth = 0;
    while (true) {
      boolean opened = false;
      int c = peek();
      switch (c) {
        case '{', '[' -> {
          at++;
          if (peek() == c + 2) {
            at++;
          } else {
            if (depth == MAX_DEPTH) {
              throw new BadFrame("expected JSON nested at most " + MAX_DEPTH + " levels deep");
            }
            if (depth >> 6 == open.length) {
              open = Arrays.copyOf(open, open.length * 2);
            }
            long bit = 1L << depth;
            open[depth >> 6] = c == '{' ? open[depth >> 6] | bit : open[depth >> 6] & ~bit;
            depth++;
            opened = true;
            if (c == '{') {
              name();
            }
          }
        }
        case '"' -> skipString();
        case 't' -> literal("true");
        case 'f' -> literal("false");
        case 'n' -> literal("null");
        default -> skipNumber();
      }
      while (!opened) {
        if (depth == 0) {
          return;
        }
        boolean object = (open[(depth - 1) >> 6] >>> (depth - 1) & 1) != 0;
        if (accept(',')) {
          if (object) {
            name();
          }
          opened = true;
        } else {
          expect(object ? '}' : ']');
          depth--;
        }
      }
    }
  }

  private void name() {
    if (peek() != '"') {
      throw bad("a name");
    }
    skipString();
    expect(':');
  }

  private void literal(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (at + i >= text.length || text[at + i] != word.charAt(i)) {
        throw bad(word);
      }
    }
    at += word.length();
  }

  /// Returns whether the string has escapes; leaves the position behind its closing quote.
  private boolean skipString() {
    boolean escaped = false;
    int i = at + 1;
    while (i < text.length) {
      byte c = text[i++];
      if (c == '"') {
        at = i;
        return escaped;
      }
      if (c == '\\') {
        escaped = true;
        i = escape(i);
      } else if (c >= 0 && c < ' ') {
        at = i - 1;
        throw bad("no control character inside a string");
      }
    }
    at = i;
    throw bad("the end of a string");
  }

  private int escape(int i) {
    int c = i < text.length ? text[i] : -1;
    return switch (c) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> i + 1;
      case 'u' -> {
        char unit = unit(i + 1);
        if (!Character.isSurrogate(unit)) {
          yield i + 5;
        }
        boolean paired =
            Character.isHighSurrogate(unit)
                && i + 6 < text.length
                && text[i + 5] == '\\'
                && text[i + 6] == 'u'
                && Character.isLowSurrogate(unit(i + 7));
        if (!paired) {
          at = i;
          throw bad("surrogates in pairs");
        }
        yield i + 11;
      }
      default -> {
        at = i;
        throw bad("an escape");
      }
    };
  }

  private char unit(int start) {
    int unit = 0;
    for (int i = start; i < start + 4; i++) {
      int digit = i < text.length ? Character.digit(text[i], 16) : -1;
      if (digit < 0) {
        at = start - 1;
        throw bad("four hexadecimal digits");
      }
      unit = unit << 4 | digit;
    }
    return (char) unit;
  }

  private void skipNumber() {
    accept('-');
    if (at < text.length && text[at] == '0') {
      at++;
    } else {
      digits();
    }
    if (at < text.length && text[at] == '.') {
      at++;
      digits();
    }
    if (at < text.length && (text[at] == 'e' || text[at] == 'E')) {
      at++;
      if (at < text.length && (text[at] == '+' || text[at] == '-')) {
        at++;
      }
      digits();
    }
  }

  private void digits() {
    int start = at;
    while (at < text.length && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    if (at == start) {
      throw bad("a value");
    }
  }

  private String unescape(int start, int end) {
    StringBuilder decoded = new StringBuilder(end - start);
    int plain = start;
    for (int i = start; i < end; i++) {
      if (text[i] != '\\') {
        continue;
      }
      decoded.append(new String(text, plain, i - plain, StandardCharsets.UTF_8));
      char c = (char) text[++i];
      switch (c) {
        case 'b' -> decoded.append('\b');
        case 'f' -> decoded.append('\f');
        case 'n' -> decoded.append('\n');
        case 'r' -> decoded.append('\r');
        case 't' -> decoded.append('\t');
        case 'u' -> {
          String hex = new String(text, i + 1, 4, StandardCharsets.US_ASCII);
          decoded.append((char) Integer.parseInt(hex, 16));
          i += 4;
        }
        default -> decoded.append(c);
      }
      plain = i + 1;
    }
    return decoded.append(new String(text, plain, end - plain, StandardCharsets.UTF_8)).toString();
  }

  private BadFrame bad(String expected) {
    return new BadFrame(
        "expected "
            + expected
            + " at byte "
            + at
            + ", got "
            + (at < text.length ? "0x" + Integer.toHexString(text[at] & 0xff) : "the end"));
  }
}
