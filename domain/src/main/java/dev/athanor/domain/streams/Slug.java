package dev.athanor.domain.streams;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Makes the address of a stream from its name: lower-case ASCII words joined by single hyphens, at
/// most [#LONGEST] characters. Letters of other alphabets are transliterated as far as the Latin
/// ones go (`ö` → `o`, `ß` → `ss`, `Ł` → `l`), `&` becomes `and`; what has no Latin form is left
/// out.
public final class Slug {
  /// The longest slug.
  public static final int LONGEST = 100;

  private static final Pattern VALID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");
  private static final Pattern APOSTROPHES = Pattern.compile("['’`´]");
  private static final Pattern OTHERS = Pattern.compile("[^a-z0-9]+");
  private static final Pattern EDGES = Pattern.compile("^-+|-+$");

  /// The letters that Unicode does not decompose into a Latin letter and a mark.
  private static final Map<Character, String> LETTERS =
      Map.ofEntries(
          Map.entry('ß', "ss"),
          Map.entry('æ', "ae"),
          Map.entry('œ', "oe"),
          Map.entry('ø', "o"),
          Map.entry('đ', "d"),
          Map.entry('ð', "d"),
          Map.entry('þ', "th"),
          Map.entry('ł', "l"),
          Map.entry('ı', "i"),
          Map.entry('ħ', "h"),
          Map.entry('ŋ', "n"),
          Map.entry('ə', "e"),
          Map.entry('&', " and "));

  private Slug() {}

  /// The slug of a name; empty when nothing of the name has a Latin form.
  public static String of(String name) {
    String lower = Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    StringBuilder latin = new StringBuilder(lower.length() + 8);
    for (int i = 0; i < lower.length(); i++) {
      char c = lower.charAt(i);
      String letters = LETTERS.get(c);
      if (letters == null) {
        latin.append(c);
      } else {
        latin.append(letters);
      }
    }
    String plain = MARKS.matcher(Normalizer.normalize(latin, Normalizer.Form.NFKD)).replaceAll("");
    String joined = OTHERS.matcher(APOSTROPHES.matcher(plain).replaceAll("")).replaceAll("-");
    return trim(joined);
  }

  /// Whether the text is a slug as [#of] makes them.
  public static boolean isValid(String slug) {
    return slug.length() <= LONGEST && VALID.matcher(slug).matches();
  }

  private static String trim(String slug) {
    String trimmed = EDGES.matcher(slug).replaceAll("");
    if (trimmed.length() <= LONGEST) {
      return trimmed;
    }
    int cut = trimmed.lastIndexOf('-', LONGEST);
    return trimmed.substring(0, cut > 0 ? cut : LONGEST);
  }
}
