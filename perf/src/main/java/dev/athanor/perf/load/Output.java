package dev.athanor.perf.load;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// What a tool prints: Markdown on the standard output, so that a result can be kept as it is.
final class Output {
  private final PrintStream out;

  Output(PrintStream out) {
    this.out = out;
  }

  static Output standard() {
    return new Output(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
  }

  void line(String text) {
    out.println(text);
  }

  void header(String... cells) {
    row(List.of(cells));
    out.println("|" + "---|".repeat(cells.length));
  }

  void row(List<String> cells) {
    out.println("| " + String.join(" | ", cells) + " |");
  }

  /// Nanoseconds as milliseconds with three digits of a microsecond.
  static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
  }
}
