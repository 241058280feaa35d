package dev.athanor.domain.chat;

import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.InvalidContent;
import java.text.Normalizer;

/// Text that readers type: what may be in it, and in which form it is stored.
final class Words {
  private static final int ZERO_WIDTH_JOINER = 0x200D;

  private Words() {}

  /// Composed Unicode without blanks around; one line, unless several are allowed.
  static String checked(String field, String typed, int longest, boolean lines) {
    String text = Normalizer.normalize(typed.replace("\r\n", "\n"), Normalizer.Form.NFC).strip();
    text = lines ? text.replaceAll("\n{3,}", "\n\n") : text.replaceAll("\\s+", " ");
    int length = text.codePointCount(0, text.length());
    if (length < 1 || length > longest) {
      throw InvalidContent.of(field, "1 to " + longest + " characters", length + " characters");
    }
    boolean visible = false;
    for (int c : (Iterable<Integer>) text.codePoints()::iterator) {
      if (!fits(c, lines)) {
        throw InvalidContent.of(
            field,
            "characters that can be seen",
            String.format("U+%04X in %s", c, FieldError.quote(field)));
      }
      visible |= Character.isLetterOrDigit(c) || isSign(c);
    }
    if (!visible) {
      throw InvalidContent.of(field, "at least one character that can be seen", "none");
    }
    return text;
  }

  /// Controls, reversals of direction, halves of surrogate pairs and what has no meaning are out;
  /// the joiner that makes one picture of several is in.
  private static boolean fits(int c, boolean lines) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> lines && c == '\n';
      case Character.FORMAT -> c == ZERO_WIDTH_JOINER;
      case Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED -> false;
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
      default -> true;
    };
  }

  private static boolean isSign(int c) {
    return switch (Character.getType(c)) {
      case Character.SPACE_SEPARATOR,
          Character.CONTROL,
          Character.FORMAT,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK ->
          false;
      default -> true;
    };
  }
}
