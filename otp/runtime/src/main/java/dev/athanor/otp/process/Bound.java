package dev.athanor.otp.process;

import dev.athanor.otp.telemetry.Event;
import dev.athanor.otp.telemetry.Telemetry;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a bounded mailbox has and an unbounded one lacks: a count of the messages that wait.
///
/// A message travels in a [Letter], which the process opens when its turn comes; signals and timers
/// travel as always and are neither counted nor dropped. Everything here is guarded by this
/// object's lock. Where the oldest message gives way, its letter stays behind as an empty one that
/// keeps the order of the others; empty letters are thrown out of the inbox when there are more of
/// them than the limit, so memory is bounded while the process is busy. That changes the inbox from
/// the middle, so such a process takes its inbox in, and others push onto it, under the lock too.
final class Bound {
  private static final int SLACK = 64;

  private final SpawnOptions.Mailbox rule;

  /// The letters that wait, oldest first; used only where the oldest gives way.
  private final ArrayDeque<Letter> oldestFirst = new ArrayDeque<>(0);

  private int waiting;
  private int empty;

  Bound(SpawnOptions.Mailbox rule) {
    this.rule = rule;
  }

  boolean dropsOldest() {
    return rule.overflow() == SpawnOptions.Overflow.DROP_OLDEST;
  }

  Pid.Outcome send(Cell<?> cell, Object message) {
    Pid.Outcome outcome;
    Object older = null;
    synchronized (this) {
      if (waiting < rule.limit()) {
        outcome = enter(cell, message) ? Pid.Outcome.SENT : Pid.Outcome.DEAD;
      } else if (!cell.isAlive()) {
        outcome = Pid.Outcome.DEAD;
      } else {
        outcome =
            switch (rule.overflow()) {
              case REJECT -> Pid.Outcome.REJECTED;
              case DROP_NEWEST -> Pid.Outcome.DROPPED;
              case DROP_OLDEST -> {
                older = dropOldest(cell);
                yield enter(cell, message) ? Pid.Outcome.SENT : Pid.Outcome.DEAD;
              }
            };
      }
    }
    switch (outcome) {
      case DEAD -> Exits.undelivered(cell, message, ExitReason.NO_PROCESS);
      case REJECTED, DROPPED -> lost(cell, message);
      case SENT -> {
        if (older != null) {
          lost(cell, older);
        }
      }
    }
    return outcome;
  }

  private boolean enter(Cell<?> cell, Object message) {
    Letter letter = new Letter(this, message);
    if (!cell.enter(new Mailbox.Envelope(letter))) {
      return false;
    }
    waiting++;
    if (dropsOldest()) {
      oldestFirst.addLast(letter);
    }
    return true;
  }

  private Object dropOldest(Cell<?> cell) {
    Letter oldest = oldestFirst.removeFirst();
    Object message = Objects.requireNonNull(oldest.message);
    oldest.message = null;
    waiting--;
    if (++empty > rule.limit() + SLACK) {
      cell.purge();
      empty = 0;
    }
    return message;
  }

  /// Tells the sender's call, and whoever listens, that a message was lost.
  private void lost(Cell<?> cell, Object message) {
    if (message instanceof Pid.Undelivered interested) {
      interested.overflowed(cell, rule.limit());
    }
    Telemetry telemetry = cell.node().telemetry();
    if (telemetry.isAttached("athanor.process.message_dropped")) {
      telemetry.execute(
          new Event(
              "athanor.process.message_dropped",
              Map.of("limit", rule.limit()),
              Map.of("pid", cell, "message", Pid.content(message), "overflow", rule.overflow())));
    }
    cell.node().lostMessages().note(cell, message);
  }

  /// A counted message on its way; empty once it was opened or had to give way.
  static final class Letter extends Control {
    private final Bound bound;
    private @Nullable Object message;

    private Letter(Bound bound, Object message) {
      this.bound = bound;
      this.message = message;
    }

    /// Takes the message out.
    ///
    /// @return null when it had to give way
    @Nullable Object open() {
      synchronized (bound) {
        Object content = message;
        if (content != null) {
          message = null;
          bound.waiting--;
          if (bound.dropsOldest()) {
            bound.oldestFirst.removeFirst();
          }
        }
        return content;
      }
    }

    /// Needs the lock.
    boolean isEmpty() {
      return message == null;
    }

    @Override
    void handle(Cell<?> cell) throws Exception {
      Object content = open();
      if (content != null) {
        cell.deliverMessage(content);
      }
    }
  }
}
