package dev.athanor.processor.work;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.processor.retry.Backoff;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The process that does the work of one kind: it takes what is due whenever it has room, when it
/// is woken after an event, and every few seconds besides, for what was put off or left by others.
///
/// It keeps nothing. What it dies with is due again when its lease is over; stopped in order, it
/// waits a little for what is under way, so that nothing is done twice.
///
/// The state is whether it is taking.
final class WorkDrain implements GenServer<WorkDrain.Message, Boolean> {
  private static final Logger LOG = Logger.getLogger(WorkDrain.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5), 0.5);
  private static final Duration LAST_ATTEMPTS = Duration.ofSeconds(3);

  private final WorkKind kind;
  private final WorkTable table;
  private final MeterRegistry meters;
  private final Timing timing;
  private final Map<Long, CompletableFuture<?>> underWay = new HashMap<>();
  private @Nullable ServerSelf<Message> self;
  private long serial;

  /// There may be more than was seen.
  private boolean more;

  WorkDrain(WorkKind kind, WorkTable table, MeterRegistry meters, Timing timing) {
    this.kind = kind;
    this.table = table;
    this.meters = meters;
    this.timing = timing;
  }

  /// When to do what.
  ///
  /// @param look how often it looks for work unasked
  /// @param attempt how long an attempt may take
  /// @param lease how long an item is nobody else's; longer than an attempt
  /// @param patience how old an item becomes that fails
  record Timing(Duration look, Duration attempt, Duration lease, Duration patience) {
    static final Timing DEFAULT =
        new Timing(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofDays(4));
  }

  /// What the process hears.
  sealed interface Message {
    /// There may be work.
    record Look() implements Message {}

    /// It has taken what it found, of so many it asked for.
    record Taken(List<WorkItem> items, int asked) implements Message {}

    /// An attempt is over.
    record Over(long serial) implements Message {}
  }

  @Override
  public InitResult<Boolean> init(ServerSelf<Message> itself) {
    self = itself;
    itself.trapExit(true);
    itself.sendInterval(timing.look(), itself.pid(), new Message.Look());
    more = true;
    return InitResult.ok(take());
  }

  @Override
  public Next<Boolean> handleInfo(Info info, Boolean taking) {
    return info instanceof Info.Message(Message message)
        ? handleCast(message, taking)
        : Next.noReply(taking);
  }

  @Override
  public Next<Boolean> handleCast(Message message, Boolean taking) {
    return switch (message) {
      case Message.Look _ -> {
        more = true;
        yield Next.noReply(taking || take());
      }
      case Message.Taken(var items, int asked) -> {
        items.forEach(this::begin);
        more |= items.size() == asked;
        yield Next.noReply(take());
      }
      case Message.Over(long attempt) -> {
        underWay.remove(attempt);
        yield Next.noReply(taking || take());
      }
    };
  }

  @Override
  public @Nullable CompletionStage<?> prepareToStop(ExitReason reason, Boolean taking) {
    return underWay.isEmpty()
        ? null
        : CompletableFuture.allOf(underWay.values().toArray(CompletableFuture<?>[]::new))
            .orTimeout(LAST_ATTEMPTS.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// @return whether it is taking now
  private boolean take() {
    int room = kind.atOnce() - underWay.size();
    if (!more || room <= 0) {
      return false;
    }
    more = false;
    me().pipe(
            table.take(kind.kind(), room, timing.lease()).subscribeAsCompletionStage(),
            (items, failure) -> {
              if (failure != null) {
                LOG.debugf(failure, "%s: nothing could be taken; it is tried again", kind.kind());
              }
              return new Message.Taken(items == null ? List.of() : items, room);
            });
    return true;
  }

  private void begin(WorkItem item) {
    CompletableFuture<?> attempt = attempt(item).subscribeAsCompletionStage();
    long number = ++serial;
    underWay.put(number, attempt);
    me().pipe(attempt, (_, _) -> new Message.Over(number));
  }

  /// Never fails: what cannot be written down is seen when the lease is over.
  private Uni<Void> attempt(WorkItem item) {
    return Uni.createFrom()
        .deferred(() -> kind.attempt(item))
        .ifNoItem()
        .after(timing.attempt())
        .fail()
        .onItemOrFailure()
        .transformToUni((_, failure) -> failure == null ? done(item) : failed(item, failure))
        .onFailure()
        .invoke(failure -> LOG.debugf(failure, "%s: %s will come again", kind.kind(), item.key()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> done(WorkItem item) {
    count("done");
    return table.done(kind.kind(), item);
  }

  private Uni<Void> failed(WorkItem item, Throwable failure) {
    String problem = failure.toString();
    Duration age = Duration.between(item.since(), Instant.now());
    if (kind.isHopeless(failure) || age.compareTo(timing.patience()) > 0) {
      LOG.errorf(
          "%s: %s is given up after %s attempts: %s",
          kind.kind(), item.key(), item.attempts(), problem);
      count("given_up");
      return table.giveUp(kind.kind(), item, problem);
    }
    Duration delay = BACKOFF.delay(item.attempts(), () -> ThreadLocalRandom.current().nextLong());
    LOG.debugf("%s: %s failed, next attempt in %s: %s", kind.kind(), item.key(), delay, problem);
    count("later");
    return table.later(kind.kind(), item, problem, delay);
  }

  private void count(String outcome) {
    meters.counter("athanor.work", "kind", kind.kind(), "outcome", outcome).increment();
  }

  private ServerSelf<Message> me() {
    if (self == null) {
      throw new IllegalStateException("The process of " + kind.kind() + " has not begun");
    }
    return self;
  }
}
