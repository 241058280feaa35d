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

/// The process that slows down guessing. Who comes from one address under one name is let through
/// at once as long as he did not fail often; after three failures in a row his attempts are let
/// through one after the other, each later than the one before (a quarter of a second, doubled up
/// to eight), and a queue of more than twenty is turned away. A right password clears the record,
/// and a quarter of an hour without a failure does.
///
/// Nobody is ever locked out: a right password is accepted however often wrong ones came before.
/// The records are in this process alone; when it dies, all begin anew.
final class Gatekeeper implements Behavior<Gatekeeper.Message> {
  private static final int FREE_FAILURES = 3;
  private static final int LONGEST_QUEUE = 20;
  private static final int MOST_RECORDS = 10_000;
  private static final long FIRST_DELAY_MILLIS = 250;
  private static final int DOUBLINGS = 5;
  private static final long FORGET_NANOS = Duration.ofMinutes(15).toNanos();

  /// What it is told.
  sealed interface Message {}

  /// Somebody wants to try. The stage is true when he may, false when too many wait already.
  record Ask(String who, CompletableFuture<Boolean> admitted) implements Message {}

  /// How an attempt went.
  record Outcome(String who, boolean right) implements Message {}

  /// The time has come for the next who waits.
  record Next(String who) implements Message {}

  private static final class Visits {
    int failures;
    long lastFailure;
    boolean busy;
    final Deque<CompletableFuture<Boolean>> waiting = new ArrayDeque<>();
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
      case Outcome(String who, boolean right) -> outcome(who, right);
      case Next(String who) -> next(self, who);
    }
  }

  @Override
  public void onExit(Self<Message> self, ExitReason reason) {
    visits.values().forEach(record -> record.waiting.forEach(waiting -> waiting.complete(false)));
  }

  private void ask(Self<Message> self, String who, CompletableFuture<Boolean> admitted) {
    Visits record = visits.get(who);
    if (record != null && !record.busy && nanos.getAsLong() - record.lastFailure >= FORGET_NANOS) {
      visits.remove(who);
      record = null;
    }
    if (record == null || record.failures < FREE_FAILURES) {
      admitted.complete(true);
    } else if (record.waiting.size() >= LONGEST_QUEUE) {
      admitted.complete(false);
    } else {
      record.waiting.add(admitted);
      if (!record.busy) {
        record.busy = true;
        self.sendAfter(delay(record), self.pid(), new Next(who));
      }
    }
  }

  private void outcome(String who, boolean right) {
    Visits record = visits.get(who);
    if (right) {
      if (record != null) {
        visits.remove(who);
        record.waiting.forEach(waiting -> waiting.complete(true));
      }
      return;
    }
    if (record == null) {
      if (visits.size() >= MOST_RECORDS) {
        Visits oldest = visits.pollFirstEntry().getValue();
        oldest.waiting.forEach(waiting -> waiting.complete(false));
      }
      record = new Visits();
      visits.put(who, record);
    }
    record.failures++;
    record.lastFailure = nanos.getAsLong();
  }

  private void next(Self<Message> self, String who) {
    Visits record = visits.get(who);
    if (record == null) {
      return;
    }
    CompletableFuture<Boolean> first = record.waiting.poll();
    if (first != null) {
      first.complete(true);
    }
    record.busy = !record.waiting.isEmpty();
    if (record.busy) {
      self.sendAfter(delay(record), self.pid(), new Next(who));
    }
  }

  private static Duration delay(Visits record) {
    int doublings = Math.min(DOUBLINGS, record.failures - FREE_FAILURES);
    return Duration.ofMillis(FIRST_DELAY_MILLIS << doublings);
  }
}
