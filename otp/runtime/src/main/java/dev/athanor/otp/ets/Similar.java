package dev.athanor.otp.ets;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Finds the name that may have been meant by one that does not exist: the nearest by edit
/// distance, if no more than a third of the letters differ.
final class Similar {

  private Similar() {}

  static @Nullable String to(String wanted, Collection<String> known) {
    String nearest = null;
    int least = wanted.length() / 3 + 1;
    for (String name : known) {
      int distance = distance(wanted, name);
      if (distance < least || (distance == least && nearest == null)) {
        nearest = name;
        least = distance;
      }
    }
    return nearest;
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
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
