package dev.athanor.perf.load;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// What a tool prints: Markdown on the standard output, so that a result can be kept as it is.
final class Output {
  private static final PrintStream OUT =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  private Output() {}

  static void line(String text) {
    OUT.println(text);
  }

  static void header(String... cells) {
    row(List.of(cells));
    OUT.println("|" + "---|".repeat(cells.length));
  }

  static void row(List<String> cells) {
    OUT.println("| " + String.join(" | ", cells) + " |");
  }

  /// Nanoseconds as milliseconds with three digits of a microsecond.
  static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
  }
}
