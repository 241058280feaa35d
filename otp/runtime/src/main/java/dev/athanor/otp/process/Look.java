package dev.athanor.otp.process;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks at a process from another thread, without stopping it.
///
/// The mailbox is counted by walking it, and counted anew when the process took its inbox in or
/// handled something meanwhile: an inbox whose top did not change has not been taken in, because a
/// top never comes back. After a few attempts the last count is given as it is. Links and monitors
/// are read from the owner's sets as they stand.
final class Look {
  private static final int ATTEMPTS = 4;

  /// With compact object headers: a process, a waiting message, its extras, an entry of a set.
  private static final int CELL_BYTES = 56;

  private static final int TABLE_BYTES = 6;
  private static final int ENVELOPE_BYTES = 16;
  private static final int EXTRAS_BYTES = 56;
  private static final int ENTRY_BYTES = 8;

  private Look() {}

  static ProcessInfo at(Cell<?> cell) {
    long waiting = waiting(cell);
    Extras extras = cell.extrasOrNull();
    Behavior<?> behavior = cell.behavior();
    ProcessInfo.Status status = cell.status();
    String callback = null;
    if (status == ProcessInfo.Status.RUNNING) {
      callback = behavior instanceof ProcessInfo.Described host ? host.callback() : null;
      if (callback == null) {
        callback = cell.callback();
      }
    }
    List<String> names = new ArrayList<>();
    int links = 0;
    int monitors = 0;
    int watchers = 0;
    int timers = 0;
    int property = 0;
    if (extras != null) {
      List<Owned> owned = extras.owned();
      property = owned.size();
      for (Owned each : owned) {
        if (each instanceof Names.Hold hold) {
          names.add(hold.name());
        }
      }
      links = RefSet.size(extras.links);
      monitors = RefSet.size(extras.monitors);
      watchers = RefSet.size(extras.watchers);
      timers = RefSet.size(extras.timers);
    }
    long memory =
        CELL_BYTES
            + TABLE_BYTES
            + waiting * ENVELOPE_BYTES
            + (extras == null
                ? 0
                : EXTRAS_BYTES
                    + (long) ENTRY_BYTES * (links + monitors + watchers + timers + property));
    return new ProcessInfo(
        cell,
        status,
        cell.kind(),
        description(behavior),
        callback,
        names,
        waiting,
        cell.handled(),
        links,
        monitors,
        watchers,
        cell.trapsExit(),
        memory);
  }

  static String description(Behavior<?> behavior) {
    return behavior instanceof ProcessInfo.Described host
        ? host.description()
        : behavior.getClass().getName();
  }

  static List<Pid<?>> linked(Cell<?> cell) {
    List<Pid<?>> found = new ArrayList<>();
    Extras extras = cell.extrasOrNull();
    if (extras != null) {
      RefSet.forEach(extras.links, other -> found.add((Cell<?>) other));
    }
    return found;
  }

  static List<Pid<?>> monitored(Cell<?> cell) {
    List<Pid<?>> found = new ArrayList<>();
    Extras extras = cell.extrasOrNull();
    if (extras != null) {
      RefSet.forEach(extras.monitors, ref -> found.add(((MonitorRef) ref).target()));
    }
    return found;
  }

  static List<Pid<?>> watching(Cell<?> cell) {
    List<Pid<?>> found = new ArrayList<>();
    Extras extras = cell.extrasOrNull();
    if (extras != null) {
      RefSet.forEach(
          extras.watchers,
          watcher -> {
            if (watcher instanceof MonitorRef ref) {
              found.add(ref.watcher());
            }
          });
    }
    return found;
  }

  private static long waiting(Cell<?> cell) {
    long count = 0;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Mailbox.@Nullable Envelope top = cell.top();
      Mailbox.@Nullable Envelope head = cell.head();
      long handled = cell.handled();
      count = 0;
      boolean torn = false;
      for (Mailbox.Envelope e = top; e != null && Mailbox.isMessage(e) && !torn; e = e.next) {
        torn = (++count & 1023) == 0 && cell.top() != top && cell.top() == Mailbox.BUSY;
      }
      for (Mailbox.Envelope e = head; e != null && !torn; e = e.next) {
        torn = (++count & 1023) == 0 && cell.handled() != handled;
      }
      if (!torn && cell.head() == head && cell.handled() == handled && cell.top() == top) {
        return count;
      }
    }
    return count;
  }
}
