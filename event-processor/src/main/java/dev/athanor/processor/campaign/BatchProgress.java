package dev.athanor.processor.campaign;

import dev.athanor.domain.campaigns.PushBatch;
import dev.athanor.domain.campaigns.PushBatch.Settled;
import dev.athanor.processor.push.PushOutcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// How far a worker is with its batch: who was not sent to yet, whose answer is under way, who
/// rests before another attempt, who is left for the next holder, and which answers are not written
/// down. Recipients go by their place in the batch. Belongs to the worker's process.
final class BatchProgress {
  private final PushBatch batch;
  private final int serial;
  private final Deque<Integer> again = new ArrayDeque<>();
  private final List<@Nullable CompletionStage<PushOutcome>> underWay;
  private final byte[] attempts;
  private int next;
  private int flying;
  private int resting;
  private int left;
  private long askAgainNanos;
  private int written;

  /// What is being written down, or may be written down or not.
  private @Nullable Settled unsure;

  private boolean settling;
  private List<Long> sent = new ArrayList<>();
  private List<Long> dead = new ArrayList<>();
  private List<Long> refused = new ArrayList<>();
  private @Nullable String problem;

  BatchProgress(PushBatch batch, int serial) {
    this.batch = batch;
    this.serial = serial;
    this.attempts = new byte[batch.recipients().size()];
    this.underWay = new ArrayList<>(attempts.length);
    for (int i = 0; i < attempts.length; i++) {
      underWay.add(null);
    }
  }

  PushBatch batch() {
    return batch;
  }

  /// Tells this batch from the ones before it, whose answers may still come.
  int serial() {
    return serial;
  }

  /// The next one to send to; -1 when there is none now.
  int take() {
    Integer first = again.poll();
    if (first != null) {
      return first;
    }
    return next < attempts.length ? next++ : -1;
  }

  void sent(int place, CompletionStage<PushOutcome> answer) {
    underWay.set(place, answer);
    flying++;
  }

  void landed(int place) {
    underWay.set(place, null);
    flying--;
  }

  /// It is to be sent to again as soon as may be.
  void again(int place) {
    again.add(place);
  }

  /// Counts an attempt that the device answered with "not now"; how many there were.
  int attempt(int place) {
    return ++attempts[place];
  }

  void rest() {
    resting++;
  }

  void rested(int place) {
    resting--;
    again.add(place);
  }

  /// Its push service is in trouble: it is left for the next holder of the batch.
  ///
  /// @param untilNanos before when asking makes no sense
  void leave(long untilNanos) {
    askAgainNanos = left == 0 || untilNanos - askAgainNanos < 0 ? untilNanos : askAgainNanos;
    left++;
  }

  /// Whether somebody is left for the next holder.
  boolean isLeft() {
    return left > 0;
  }

  /// When the next holder may ask the first of those who are left.
  long askAgainNanos() {
    return askAgainNanos;
  }

  /// Keeps the answer to be written down, if it is one for good.
  ///
  /// @return whether it was
  boolean keep(int place, PushOutcome outcome) {
    long id = batch.recipients().get(place).id();
    return switch (outcome) {
      case PushOutcome.Delivered() -> sent.add(id);
      case PushOutcome.DeadToken(var _) -> dead.add(id);
      case PushOutcome.Refused(var reason) -> {
        problem = reason;
        yield refused.add(id);
      }
      case PushOutcome.RetryAfter _ -> false;
    };
  }

  void problem(String why) {
    problem = why;
  }

  /// How many are under way or not written down: what a crash would let be sent again.
  int exposed() {
    return flying + unsettled() + (unsure == null ? 0 : unsure.size());
  }

  /// How many answers wait to be written down.
  int unsettled() {
    return sent.size() + dead.size() + refused.size();
  }

  /// Whether there is anything to write down before the batch is ended or put back.
  boolean hasNews() {
    return isInDoubt() || unsettled() > 0 || (left > 0 && problem != null);
  }

  boolean isFlying() {
    return flying > 0;
  }

  boolean isSettling() {
    return settling;
  }

  /// Whether everybody has an answer, or is left.
  boolean isAnswered() {
    return next == attempts.length && again.isEmpty() && flying == 0 && resting == 0;
  }

  /// Whether it is not known if what was written down last is there.
  boolean isInDoubt() {
    return unsure != null && !settling;
  }

  /// Takes what is to be written down: what is in doubt before anything else, and as it was.
  Settled settle() {
    settling = true;
    Settled again = unsure;
    if (again != null) {
      return again;
    }
    Settled all = new Settled(++written, sent, dead, refused, problem);
    unsure = all;
    sent = new ArrayList<>();
    dead = new ArrayList<>();
    refused = new ArrayList<>();
    problem = null;
    return all;
  }

  void settled() {
    settling = false;
    unsure = null;
  }

  /// Nobody knows whether it is written down: it is to be written again, and nothing before it.
  void doubt() {
    settling = false;
  }

  /// The answers that are under way, by place.
  Map<Integer, CompletionStage<PushOutcome>> underWay() {
    Map<Integer, CompletionStage<PushOutcome>> all = new LinkedHashMap<>();
    for (int place = 0; place < underWay.size(); place++) {
      CompletionStage<PushOutcome> answer = underWay.get(place);
      if (answer != null) {
        all.put(place, answer);
      }
    }
    return all;
  }
}
