package dev.athanor.cms.access;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The process that slows down guessing. Of those who come from one address under one name, three
/// attempts may be unanswered or have failed; who comes meanwhile waits. After three failures in a
/// row attempts are let through one after the other, each later than the one before (a quarter of a
/// second, doubled up to eight), and a queue of more than twenty is turned away (of 200 before
/// that, of whom twenty stay after the third failure). Who has waited for half a minute is turned
/// away: he has given up by then, and takes nobody's place. A right password clears the record and
/// lets all in who wait, and a quarter of an hour without a failure clears it.
///
/// A right password that is let through is accepted however often wrong ones came before; who comes
/// from the address of somebody who guesses without end may be turned away with him. The records
/// are in this process alone; when it dies, all begin anew.
final class Gatekeeper implements Behavior<Gatekeeper.Message> {
  private static final int FREE_FAILURES = 3;
  private static final int LONGEST_QUEUE = 20;
  private static final int LONGEST_CROWD = 200;
  private static final int MOST_RECORDS = 10_000;
  private static final long FIRST_DELAY_MILLIS = 250;
  private static final int DOUBLINGS = 5;
  private static final long FORGET_NANOS = Duration.ofMinutes(15).toNanos();
  private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

  /// What it is told.
  sealed interface Message {}

  /// Somebody wants to try. The stage is true when he may, false when too many wait already.
  record Ask(String who, CompletableFuture<Boolean> admitted) implements Message {}

  /// How an attempt went.
  record Outcome(String who, boolean right) implements Message {}

  /// An attempt came to nothing: nobody knows whether it was right.
  record Unknown(String who) implements Message {}

  /// The time has come for the next who waits.
  record Next(String who) implements Message {}

  private record Waiting(CompletableFuture<Boolean> admitted, long since) {
    void answer(boolean may) {
      admitted.complete(may);
    }
  }

  private static final class Visits {
    int failures;
    int unanswered;
    long lastFailure;
    boolean busy;
    final Deque<Waiting> waiting = new ArrayDeque<>();

    void admit() {
      unanswered++;
      waiting.remove().answer(true);
    }

    int longestQueue() {
      return failures < FREE_FAILURES ? LONGEST_CROWD : LONGEST_QUEUE;
    }

    /// Turns away who has waited too long, and who came last into a queue that is too long by now.
    void tidy(long now) {
      while (!waiting.isEmpty() && now - waiting.getFirst().since() >= PATIENCE_NANOS) {
        waiting.remove().answer(false);
      }
      while (waiting.size() > longestQueue()) {
        waiting.removeLast().answer(false);
      }
    }

    boolean isForgotten(long now) {
      return !busy && failures > 0 && waiting.isEmpty() && now - lastFailure >= FORGET_NANOS;
    }

    boolean isEmpty() {
      return failures == 0 && unanswered == 0 && waiting.isEmpty();
    }
  }

  private final LongSupplier nanos;
  private final Consumer<Pid<Message>> started;
  private final LinkedHashMap<String, Visits> visits = new LinkedHashMap<>();

  Gatekeeper(LongSupplier nanos, Consumer<Pid<Message>> started) {
    this.nanos = nanos;
    this.started = started;
  }

  @Override
  public void onStart(Self<Message> self) {
    started.accept(self.pid());
  }

  @Override
  public void onMessage(Self<Message> self, Message message) {
    switch (message) {
      case Ask(String who, CompletableFuture<Boolean> admitted) -> ask(self, who, admitted);
      case Outcome(String who, boolean right) -> {
        if (right) {
          right(who);
        } else {
          wrong(self, who);
        }
      }
      case Unknown(String who) -> {
        Visits record = visits.get(who);
        if (record != null) {
          answered(self, who, record);
        }
      }
      case Next(String who) -> next(self, who);
    }
  }

  @Override
  public void onExit(Self<Message> self, ExitReason reason) {
    visits.values().forEach(record -> record.waiting.forEach(waiting -> waiting.answer(false)));
  }

  private void ask(Self<Message> self, String who, CompletableFuture<Boolean> admitted) {
    Visits record = visits.get(who);
    if (record == null || record.isForgotten(nanos.getAsLong())) {
      record = begin(who);
    }
    record.tidy(nanos.getAsLong());
    if (record.waiting.size() >= record.longestQueue()) {
      admitted.complete(false);
      return;
    }
    record.waiting.add(new Waiting(admitted, nanos.getAsLong()));
    goOn(self, who, record);
  }

  private Visits begin(String who) {
    visits.remove(who);
    if (visits.size() >= MOST_RECORDS) {
      visits.pollFirstEntry().getValue().waiting.forEach(waiting -> waiting.answer(false));
    }
    Visits record = new Visits();
    visits.put(who, record);
    return record;
  }

  /// Lets in who may come in now; after too many failures sets the time for the next.
  private void goOn(Self<Message> self, String who, Visits record) {
    record.tidy(nanos.getAsLong());
    while (!record.waiting.isEmpty() && record.failures + record.unanswered < FREE_FAILURES) {
      record.admit();
    }
    if (!record.waiting.isEmpty() && record.failures >= FREE_FAILURES && !record.busy) {
      record.busy = true;
      self.sendAfter(delay(record), self.pid(), new Next(who));
    }
  }

  private void right(String who) {
    Visits record = visits.remove(who);
    if (record != null) {
      record.waiting.forEach(waiting -> waiting.answer(true));
    }
  }

  private void wrong(Self<Message> self, String who) {
    Visits known = visits.get(who);
    Visits record = known == null ? begin(who) : known;
    record.failures++;
    record.lastFailure = nanos.getAsLong();
    answered(self, who, record);
  }

  private void answered(Self<Message> self, String who, Visits record) {
    record.unanswered = Math.max(0, record.unanswered - 1);
    goOn(self, who, record);
    if (record.isEmpty()) {
      visits.remove(who);
    }
  }

  private void next(Self<Message> self, String who) {
    Visits record = visits.get(who);
    if (record != null) {
      record.busy = false;
      record.tidy(nanos.getAsLong());
      if (!record.waiting.isEmpty()) {
        record.admit();
      }
      goOn(self, who, record);
    }
  }

  private static Duration delay(Visits record) {
    int doublings = Math.min(DOUBLINGS, record.failures - FREE_FAILURES);
    return Duration.ofMillis(FIRST_DELAY_MILLIS << doublings);
  }
}
