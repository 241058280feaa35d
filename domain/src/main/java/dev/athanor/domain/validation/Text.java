package dev.athanor.domain.validation;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/// Brings text into the form it is stored in: composed Unicode, line feeds, no control characters
/// (the database refuses NUL) and no halves of surrogate pairs, no blanks around. Pure functions:
/// any thread.
public final class Text {
  private Text() {}

  /// The text in that form; null when nothing is left of it.
  public static @Nullable String normalize(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String lines = text.replace("\r\n", "\n").replace('\r', '\n');
    StringBuilder clean = new StringBuilder(lines.length());
    lines
        .codePoints()
        .forEach(
            c -> {
              if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                clean.append('\uFFFD');
              } else if (c == '\n' || c == '\t' || !Character.isISOControl(c)) {
                clean.appendCodePoint(c);
              }
            });
    String stripped = Normalizer.normalize(clean, Normalizer.Form.NFC).strip();
    return stripped.isEmpty() ? null : stripped;
  }

  /// The same on one line.
  public static @Nullable String normalizeLine(@Nullable String text) {
    String normal = normalize(text);
    return normal == null ? null : normal.replaceAll("\\s+", " ");
  }

  /// How many characters (code points) it has.
  public static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
