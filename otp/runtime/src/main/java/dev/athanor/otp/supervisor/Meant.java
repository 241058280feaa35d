package dev.athanor.otp.supervisor;

import dev.athanor.otp.process.Name;
import java.util.Collection;

/// Finds what somebody probably meant who asked for something that is not there.
final class Meant {
  private Meant() {}

  /// The end of an error message: the name that is nearest, or all there are.
  static String among(Object asked, Collection<?> known) {
    if (known.isEmpty()) {
      return "; there are none";
    }
    String nearest =
        Name.nearest(String.valueOf(asked), known.stream().map(String::valueOf).toList());
    return nearest == null
        ? "; known are " + known
        : "; did you mean '" + nearest + "'? Known are " + known;
  }
}
