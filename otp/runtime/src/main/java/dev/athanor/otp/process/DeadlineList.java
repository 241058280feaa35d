package dev.athanor.otp.process;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Deadlines of one length in the order in which they were armed, which is the order in which they
/// are due. All links are guarded by the lock of the list; the head alone has a timer, set for the
/// head that was there when the last timer fired. Where there are too many lengths for lists, a
/// deadline has one of its own, whose timer is called off with it.
final class DeadlineList implements Runnable {
  private final Scheduler scheduler;
  private final long lengthNanos;

  /// Whether it is for one deadline, whose timer goes with it.
  private final boolean once;

  private Scheduler.@Nullable Cancellable timer;
  private Node.@Nullable Deadline first;
  private Node.@Nullable Deadline last;
  private boolean timed;

  DeadlineList(Scheduler scheduler, long lengthNanos, boolean once) {
    this.scheduler = scheduler;
    this.lengthNanos = lengthNanos;
    this.once = once;
  }

  void add(Node.Deadline deadline) {
    deadline.dueNanos = scheduler.nanoTime() + lengthNanos;
    deadline.enter(this);
    synchronized (this) {
      deadline.listed = true;
      deadline.previous = last;
      if (last == null) {
        first = deadline;
      } else {
        last.next = deadline;
      }
      last = deadline;
      if (timed) {
        return;
      }
      timed = true;
    }
    Scheduler.Cancellable started = scheduler.schedule(lengthNanos, this);
    if (once) {
      keep(started);
    }
  }

  private synchronized void keep(Scheduler.Cancellable started) {
    if (first == null) {
      started.cancel();
    } else {
      timer = started;
    }
  }

  synchronized void remove(Node.Deadline deadline) {
    if (!deadline.listed) {
      return;
    }
    deadline.listed = false;
    if (deadline.previous == null) {
      first = deadline.next;
    } else {
      deadline.previous.next = deadline.next;
    }
    if (deadline.next == null) {
      last = deadline.previous;
    } else {
      deadline.next.previous = deadline.previous;
    }
    deadline.previous = null;
    deadline.next = null;
    if (once && timer != null) {
      timer.cancel();
    }
  }

  @Override
  public void run() {
    while (true) {
      Node.Deadline due;
      long wait;
      synchronized (this) {
        due = first;
        if (due == null) {
          timed = false;
          return;
        }
        wait = due.dueNanos - scheduler.nanoTime();
        if (wait <= 0) {
          remove(due);
        }
      }
      if (wait > 0) {
        scheduler.schedule(wait, this);
        return;
      }
      expire(due);
    }
  }

  /// Should one throw, those behind it get a task of their own.
  private void expire(Node.Deadline due) {
    boolean whole = false;
    try {
      due.expired();
      whole = true;
    } finally {
      if (!whole) {
        scheduler.schedule(0, this);
      }
    }
  }

  /// The lists of one node: some for each length in use, so that threads rarely meet in one.
  static final class Lists {
    private static final int STRIPES = 8;
    private static final int LENGTHS = 256;

    private final Scheduler scheduler;
    private final ConcurrentMap<Long, DeadlineList[]> byLength = new ConcurrentHashMap<>();

    /// The lists used last: most calls have the same timeout. Plain; any value seen is a right one.
    private @Nullable Stripes recent;

    Lists(Scheduler scheduler) {
      this.scheduler = scheduler;
    }

    void arm(Node.Deadline deadline, long nanos) {
      Stripes last = recent;
      DeadlineList[] stripes;
      if (last != null && last.nanos == nanos) {
        stripes = last.lists;
      } else {
        stripes = byLength.get(nanos);
        if (stripes == null) {
          if (byLength.size() >= LENGTHS) {
            new DeadlineList(scheduler, nanos, true).add(deadline);
            return;
          }
          stripes = byLength.computeIfAbsent(nanos, this::stripes);
        }
        recent = new Stripes(nanos, stripes);
      }
      stripes[(int) Thread.currentThread().threadId() & (STRIPES - 1)].add(deadline);
    }

    /// Final fields make it safe to publish by a plain write.
    private static final class Stripes {
      private final long nanos;
      private final DeadlineList[] lists;

      private Stripes(long nanos, DeadlineList[] lists) {
        this.nanos = nanos;
        this.lists = lists;
      }
    }

    private DeadlineList[] stripes(long nanos) {
      DeadlineList[] stripes = new DeadlineList[STRIPES];
      for (int i = 0; i < STRIPES; i++) {
        stripes[i] = new DeadlineList(scheduler, nanos, false);
      }
      return stripes;
    }
  }
}
