package dev.athanor.domain.streams;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Finds what somebody may have meant: the candidate that is fewest edits away (Levenshtein), if
/// that is at most a third of the word, or one that contains the word.
final class Nearest {
  private Nearest() {}

  static @Nullable String of(String word, Collection<String> candidates) {
    String best = null;
    int bestDistance = Math.max(1, Math.min(word.length(), 100) / 3) + 1;
    String containing = null;
    for (String candidate : candidates) {
      if (Math.abs(candidate.length() - word.length()) < bestDistance) {
        int distance = distance(word, candidate);
        if (distance < bestDistance) {
          best = candidate;
          bestDistance = distance;
        }
      }
      if (word.length() >= 3
          && candidate.contains(word)
          && (containing == null || candidate.length() < containing.length())) {
        containing = candidate;
      }
    }
    return best == null ? containing : best;
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
