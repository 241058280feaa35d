package dev.athanor.otp.supervisor;

import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Finds what somebody probably meant who asked for something that is not there.
final class Meant {
  private Meant() {}

  /// The end of an error message: the name that is nearest, or all there are.
  static String among(Object asked, Collection<?> known) {
    if (known.isEmpty()) {
      return "; there are none";
    }
    Object nearest = nearest(String.valueOf(asked), known);
    return nearest == null
        ? "; known are " + known
        : "; did you mean '" + nearest + "'? Known are " + known;
  }

  private static @Nullable Object nearest(String asked, Collection<?> known) {
    Object nearest = null;
    int least = Math.max(2, asked.length() / 3) + 1;
    for (Object candidate : known) {
      String name = Objects.toString(candidate);
      int distance = name.equalsIgnoreCase(asked) ? 0 : distance(asked, name);
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /// Levenshtein's distance, a row at a time.
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
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
