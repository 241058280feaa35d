package dev.athanor.processor.enrichment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a story's text says about itself: how many words it has, how long it takes to read, and
/// which addresses it links to.
///
/// A word is a run of letters and digits, held together by inner apostrophes, hyphens, points and
/// commas (`don't`, `2-1`, `3,5`); an ideograph counts as a word of its own. Markup tags and the
/// addresses themselves are not words. Reading time assumes [#WORDS_A_MINUTE], the mean of silent
/// reading of non-fiction, and is rounded up to whole seconds; an empty text takes none.
///
/// Links are http(s) addresses in the order of their first appearance, each once, at most
/// [#MAX_LINKS]. Punctuation that belongs to the sentence rather than to the address is left off.
///
/// Pure and immutable: any thread may compute it; the cost is linear in the length of the text.
///
/// @param words number of words
/// @param readingSeconds time to read them, in seconds
/// @param links the addresses found
public record Enrichment(int words, int readingSeconds, List<Link> links) {

  /// Reading speed behind [#readingSeconds]: 238 words a minute.
  public static final int WORDS_A_MINUTE = 238;

  /// Links beyond this number are not kept: 100.
  public static final int MAX_LINKS = 100;

  private static final Pattern ADDRESS =
      Pattern.compile("https?://[^\\s<>\"'`{}|\\\\^]++", Pattern.CASE_INSENSITIVE);
  private static final Pattern TAG = Pattern.compile("</?[A-Za-z][^<>]*+>");
  private static final String SENTENCE = ".,;:!?*";

  /// Keeps its own copy of the links.
  public Enrichment {
    links = List.copyOf(links);
  }

  /// Reads a text; none at all is an empty one.
  public static Enrichment of(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return new Enrichment(0, 0, List.of());
    }
    int words = countWords(prose(text));
    return new Enrichment(words, (words * 60 + WORDS_A_MINUTE - 1) / WORDS_A_MINUTE, links(text));
  }

  private static String prose(String text) {
    return ADDRESS.matcher(TAG.matcher(text).replaceAll(" ")).replaceAll(" ");
  }

  private static int countWords(String prose) {
    int words = 0;
    boolean inWord = false;
    int length = prose.length();
    for (int at = 0; at < length; ) {
      int point = prose.codePointAt(at);
      at += Character.charCount(point);
      if (Character.isIdeographic(point)) {
        words++;
        inWord = false;
      } else if (Character.isLetterOrDigit(point) || isMark(point)) {
        words += inWord ? 0 : 1;
        inWord = true;
      } else {
        inWord = inWord && joins(point) && at < length && isWordPart(prose.codePointAt(at));
      }
    }
    return words;
  }

  private static boolean isMark(int point) {
    return Character.getType(point) == Character.NON_SPACING_MARK;
  }

  private static boolean isWordPart(int point) {
    return Character.isLetterOrDigit(point) && !Character.isIdeographic(point);
  }

  private static boolean joins(int point) {
    return point == '\'' || point == '\u2019' || point == '-' || point == '.' || point == ',';
  }

  private static List<Link> links(String text) {
    Map<String, Link> found = new LinkedHashMap<>();
    Matcher addresses = ADDRESS.matcher(text);
    while (found.size() < MAX_LINKS && addresses.find()) {
      Link.parse(withoutSentence(addresses.group()))
          .ifPresent(link -> found.putIfAbsent(link.url(), link));
    }
    return List.copyOf(found.values());
  }

  private static String withoutSentence(String address) {
    int open = count(address, '(') - count(address, ')');
    int squares = count(address, '[') - count(address, ']');
    int end = address.length();
    while (end > 0) {
      char last = address.charAt(end - 1);
      if (last == ')' && open < 0) {
        open++;
      } else if (last == ']' && squares < 0) {
        squares++;
      } else if (SENTENCE.indexOf(last) < 0) {
        break;
      }
      end--;
    }
    return address.substring(0, end);
  }

  private static int count(String text, char wanted) {
    return (int) text.chars().filter(c -> c == wanted).count();
  }
}
