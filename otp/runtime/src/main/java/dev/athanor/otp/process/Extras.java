package dev.athanor.otp.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What most processes have none of: links, monitors, timers, property. Allocated when the first of
/// them comes.
///
/// What is not private belongs to the turns of the process (or to whoever made it, before it was
/// published). The rest is guarded by this object's lock, because others may give a process
/// property while it is ending, or kill it while a callback of it blocks.
final class Extras {
  @Nullable Object links;
  @Nullable Object monitors;
  @Nullable Object watchers;
  @Nullable Object timers;
  @Nullable Map<Cell<?>, Object> unlinking;
  @Nullable ExitReason ending;

  /// Set before publication.
  @Nullable Bound bound;

  /// Set before the process is published, never after.
  List<Pid<?>> callers = List.of();

  private @Nullable Object owned;
  private boolean closed;

  /// The thread of its turn, where callbacks may block; set and reset by the turns.
  private @Nullable Thread thread;

  private boolean killed;

  synchronized void enter(Thread current) {
    thread = current;
  }

  /// An interrupt must not hit the thread's next work. The next turn of this process may have begun
  /// on another thread.
  @SuppressWarnings("ReferenceEquality") // threads are compared by identity
  synchronized void leave(Thread current) {
    if (thread == current) {
      thread = null;
    }
    if (killed) {
      var _ = Thread.interrupted();
    }
  }

  @SuppressWarnings("ReferenceEquality")
  synchronized void kill() {
    killed = true;
    if (thread != null && thread != Thread.currentThread()) {
      thread.interrupt();
    }
  }

  synchronized boolean isKilled() {
    return killed;
  }

  void awaitUnlink(Cell<?> other, Object token) {
    if (unlinking == null) {
      unlinking = new HashMap<>(2);
    }
    unlinking.put(other, token);
  }

  boolean awaitsUnlink(Cell<?> other) {
    return unlinking != null && unlinking.containsKey(other);
  }

  void unlinked(Cell<?> other, @Nullable Object token) {
    if (unlinking != null && (token == null || token.equals(unlinking.get(other)))) {
      unlinking.remove(other);
      if (unlinking.isEmpty()) {
        unlinking = null;
      }
    }
  }

  synchronized boolean own(Owned property) {
    if (closed) {
      return false;
    }
    if (owned == null) {
      owned = property;
    } else if (owned instanceof Possessions many) {
      many.set.add(property);
    } else if (!owned.equals(property)) {
      Possessions many = new Possessions();
      many.set.add((Owned) owned);
      many.set.add(property);
      owned = many;
    }
    return true;
  }

  synchronized boolean disown(Owned property) {
    if (owned instanceof Possessions many) {
      return many.set.remove(property);
    }
    if (owned != null && owned.equals(property)) {
      owned = null;
      return true;
    }
    return false;
  }

  synchronized List<Owned> owned() {
    if (owned == null) {
      return List.of();
    }
    return owned instanceof Possessions many ? new ArrayList<>(many.set) : List.of((Owned) owned);
  }

  synchronized List<Owned> close() {
    List<Owned> all = owned();
    closed = true;
    owned = null;
    return all;
  }

  private static final class Possessions {
    private final Set<Owned> set = new LinkedHashSet<>(4);
  }
}
