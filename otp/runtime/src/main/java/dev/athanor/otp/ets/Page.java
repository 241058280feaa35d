package dev.athanor.otp.ets;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A part of a selection and the way to go on (what ets:select/3 answers: the matches and a
/// continuation). A page stays valid whatever is written to the table. Its next page is looked for
/// when it is first asked for, and stays the same from then on. Any thread may call any method.
public final class Page<R> {

  private final List<R> results;
  private @Nullable Supplier<Page<R>> rest;
  private @Nullable Page<R> next;

  Page(List<R> results, @Nullable Supplier<Page<R>> rest) {
    this.results = results;
    this.rest = rest;
  }

  /// What was found, an unmodifiable list; only the last page may be empty.
  public List<R> results() {
    return results;
  }

  /// Whether the walk has come to the table's end. If not, the next page may yet be empty.
  public synchronized boolean isLast() {
    return rest == null && next == null;
  }

  /// The next page; empty and last after the last one (ets: `'$end_of_table'`).
  public synchronized Page<R> next() {
    if (rest != null) {
      next = rest.get();
      rest = null;
    }
    return next == null ? new Page<>(List.of(), null) : next;
  }
}
