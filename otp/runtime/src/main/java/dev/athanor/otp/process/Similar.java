package dev.athanor.otp.process;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Finds what may have been meant by a name that does not exist: the nearest by edit distance, if
/// no more than a third of the letters differ.
final class Similar {
  private Similar() {}

  static @Nullable String to(String wanted, Collection<String> known) {
    String best = null;
    int least = wanted.length() / 3 + 1;
    for (String candidate : known) {
      int distance =
          Math.abs(candidate.length() - wanted.length()) > least
              ? Integer.MAX_VALUE
              : distance(wanted, candidate);
      if (distance < least
          || (distance == least && (best == null || candidate.compareTo(best) < 0))) {
        best = candidate;
        least = distance;
      }
    }
    return best;
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(above, row[j - 1]) + 1, diagonal + change);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
