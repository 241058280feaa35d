package dev.athanor.perf.load;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A command line of `--name value` pairs with defaults. A name without a default is refused, so
/// that a misspelled option never passes silently.
final class Options {
  private final Map<String, String> values;

  private Options(Map<String, String> values) {
    this.values = values;
  }

  /// Reads `args` over `defaults`.
  ///
  /// @throws IllegalArgumentException for a name that is not among the defaults or has no value
  static Options of(String[] args, Map<String, String> defaults) {
    Map<String, String> values = new LinkedHashMap<>(defaults);
    for (int i = 0; i < args.length; i += 2) {
      String name = args[i].startsWith("--") ? args[i].substring(2) : args[i];
      if (!args[i].startsWith("--") || !defaults.containsKey(name)) {
        throw new IllegalArgumentException(
            "expected one of --" + String.join(" --", defaults.keySet()) + ", got " + args[i]);
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException("expected a value after " + args[i] + ", got nothing");
      }
      values.put(name, args[i + 1]);
    }
    return new Options(values);
  }

  String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("no option is called " + name);
    }
    return value;
  }

  int number(String name, int least, int most) {
    String text = text(name);
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw wrong(name, least, most, text, e);
    }
    throw wrong(name, least, most, text, null);
  }

  Duration seconds(String name, int most) {
    return Duration.ofSeconds(number(name, 0, most));
  }

  private static IllegalArgumentException wrong(
      String name, int least, int most, String got, @Nullable Throwable e) {
    return new IllegalArgumentException(
        "--%s: expected a whole number from %d to %d, got %s".formatted(name, least, most, got), e);
  }
}
