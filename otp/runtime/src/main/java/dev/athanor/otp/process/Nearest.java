package dev.athanor.otp.process;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Finds the name that somebody probably meant: the candidate with the fewest edits (insertions,
/// deletions, replacements, swaps of neighbours), as long as they are at most a third of the name
/// and never more than four.
final class Nearest {
  private static final int MOST_EDITS = 4;
  private static final int LONGEST = 100;

  private Nearest() {}

  /// The candidate nearest to what was got, or null when none is near. Case does not count.
  static @Nullable String to(String got, Collection<String> candidates) {
    if (got.isEmpty() || got.length() > LONGEST) {
      return null;
    }
    String wanted = got.toLowerCase(Locale.ROOT);
    int allowed = Math.min(MOST_EDITS, Math.max(1, wanted.length() / 3));
    String best = null;
    int fewest = allowed + 1;
    for (String candidate : candidates) {
      if (Math.abs(candidate.length() - wanted.length()) < fewest) {
        int edits = edits(wanted, candidate.toLowerCase(Locale.ROOT));
        if (edits < fewest) {
          fewest = edits;
          best = candidate;
        }
      }
    }
    return best;
  }

  private static int edits(String a, String b) {
    int[] before = new int[b.length() + 1];
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        current[j] = swapped ? Math.min(least, before[j - 2] + 1) : least;
      }
      int[] oldest = before;
      before = previous;
      previous = current;
      current = oldest;
    }
    return previous[b.length()];
  }
}
