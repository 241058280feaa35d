package dev.athanor.otp.ets;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A part of a selection and the way to go on (what ets:select/3 answers: the matches and a
/// continuation). A page stays valid whatever is written to the table, and its next page may be
/// asked for more than once.
public final class Page<R> {

  private final List<R> results;
  private final @Nullable Supplier<Page<R>> rest;

  Page(List<R> results, @Nullable Supplier<Page<R>> rest) {
    this.results = results;
    this.rest = rest;
  }

  /// What was found, an unmodifiable list; only the last page may be empty.
  public List<R> results() {
    return results;
  }

  /// Whether the walk has come to the table's end. If not, the next page may yet be empty.
  public boolean isLast() {
    return rest == null;
  }

  /// The next page; empty and last after the last one (ets: `'$end_of_table'`).
  public Page<R> next() {
    return rest == null ? new Page<>(List.of(), null) : rest.get();
  }
}
