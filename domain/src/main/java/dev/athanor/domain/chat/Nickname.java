package dev.athanor.domain.chat;

import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.InvalidContent;
import java.text.Normalizer;
import java.util.Locale;

/// What a reader wants to be called: 1 to 30 characters that can be seen, in composed Unicode, on
/// one line, without blanks around. Not unique: two readers may be called the same.
///
/// @param text as it is shown
public record Nickname(String text) {
  /// How many characters (code points) a nickname may have.
  public static final int LONGEST = 30;

  /// Reads what somebody typed.
  ///
  /// @throws InvalidContent when it is empty, too long, or has characters that cannot be seen
  public static Nickname of(String typed) {
    return new Nickname(Words.checked("nickname", typed, LONGEST, false));
  }

  /// Under which it is banned: nobody gets around a ban by capitals.
  public String key() {
    return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }

  /// Refuses what [#of] would not make.
  public Nickname {
    if (text.isEmpty() || text.codePointCount(0, text.length()) > LONGEST) {
      throw InvalidContent.of("nickname", "1 to 30 characters", FieldError.quote(text));
    }
  }
}
