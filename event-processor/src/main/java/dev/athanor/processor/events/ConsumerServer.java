package dev.athanor.processor.events;

import dev.athanor.domain.outbox.DeadEvent;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.processor.events.ConsumerMessage.Delivery;
import dev.athanor.processor.events.ConsumerMessage.Verdict;
import dev.athanor.processor.retry.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The process of one consumer: it gathers events while a batch is being applied, and then applies
/// all that have gathered as the next batch.
///
/// There is one batch at a time. A failed batch is tried again key by key; an event that fails
/// alone rests with everything of its key behind it, for a growing delay, and others pass. After a
/// number of attempts that failed by its own fault it is given up, and its callers learn why; what
/// comes behind it in its key then has one attempt each until one succeeds, so that a key full of
/// bad events does not hold the others up for long. Faults of the surroundings ([Fault]) never
/// count. When the process dies callers learn that, and give the event to its successor.
final class ConsumerServer implements GenServer<ConsumerMessage, Boolean> {
  private static final Logger LOG = Logger.getLogger(ConsumerServer.class);

  /// The most events of one transaction.
  static final int LARGEST_BATCH = 256;

  private final EventConsumer consumer;
  private final EventMetrics metrics;
  private final Backoff backoff;
  private final int attempts;
  private final RandomGenerator random;
  private final Backlog<Delivery> backlog = new Backlog<>();
  private @Nullable ServerSelf<ConsumerMessage> self;

  /// @param attempts after how many failures of its own an event is given up, at least 1
  ConsumerServer(
      EventConsumer consumer,
      EventMetrics metrics,
      Backoff backoff,
      int attempts,
      RandomGenerator random) {
    this.consumer = consumer;
    this.metrics = metrics;
    this.backoff = backoff;
    this.attempts = attempts;
    this.random = random;
  }

  /// The state is whether a batch is being applied.
  @Override
  public InitResult<Boolean> init(ServerSelf<ConsumerMessage> itself) {
    self = itself;
    return InitResult.ok(false);
  }

  @Override
  public Next<Boolean> handleCall(ConsumerMessage request, From<?> from, Boolean busy) {
    if (request instanceof ConsumerMessage.Consume(DomainEvent event)) {
      backlog.add(event.key(), new Delivery(event, from));
    }
    return Next.noReply(busy || applyNext());
  }

  @Override
  public Next<Boolean> handleCast(ConsumerMessage message, Boolean busy) {
    return switch (message) {
      case ConsumerMessage.Consume unheard ->
          throw new IllegalArgumentException("A call, not a cast: " + unheard);
      case ConsumerMessage.Applied(var batch) -> {
        backlog.done(batch);
        metrics.processed(consumer.name(), batch.items().size());
        batch.items().forEach(delivery -> answer(delivery, Verdict.Done.YES));
        yield Next.noReply(applyNext());
      }
      case ConsumerMessage.Refused(var batch, var cause) -> {
        refused(batch, cause);
        yield Next.noReply(applyNext());
      }
      case ConsumerMessage.Wake(String key) -> {
        backlog.wake(key);
        yield Next.noReply(busy || applyNext());
      }
    };
  }

  @Override
  public Next<Boolean> handleInfo(Info info, Boolean busy) {
    return info instanceof Info.Message(ConsumerMessage message)
        ? handleCast(message, busy)
        : Next.noReply(busy);
  }

  private boolean applyNext() {
    Backlog.Batch<Delivery> batch = backlog.take(LARGEST_BATCH);
    if (batch.isEmpty()) {
      return false;
    }
    itself()
        .pipe(
            apply(batch.items().stream().map(Delivery::event).toList()),
            (_, failure) ->
                failure == null
                    ? new ConsumerMessage.Applied(batch)
                    : new ConsumerMessage.Refused(batch, failure));
    return true;
  }

  private CompletionStage<?> apply(List<DomainEvent> events) {
    try {
      return consumer.apply(events).subscribeAsCompletionStage();
    } catch (RuntimeException thrown) {
      return CompletableFuture.failedStage(thrown);
    }
  }

  private void refused(Backlog.Batch<Delivery> batch, Throwable cause) {
    metrics.failed(consumer.name());
    if (!batch.isSingle()) {
      LOG.debugf(cause, "%s: a batch failed, its events go one by one", consumer.name());
      backlog.split(batch);
      return;
    }
    boolean own = Fault.isOwn(cause);
    Delivery delivery = batch.items().getFirst();
    DomainEvent event = delivery.event();
    int failures = backlog.rest(batch, own);
    int counted = backlog.ownFailures(batch);
    if (own && (counted >= attempts || backlog.onParole(batch) || Fault.isFinal(cause))) {
      String reason =
          "%s: given up after %d attempts: %s".formatted(consumer.name(), counted, cause);
      LOG.errorf("event %s (%s %s) %s", event.id(), event.type(), event.key(), reason);
      metrics.dead(consumer.name());
      backlog.giveUp(batch);
      answer(delivery, new Verdict.Dead(new DeadEvent(reason, cause)));
      return;
    }
    Duration delay = backoff.delay(failures, random);
    LOG.logf(
        failures >= 4 && Integer.bitCount(failures) == 1 ? Logger.Level.WARN : Logger.Level.DEBUG,
        "%s: event %s (%s %s) failed %s times, next attempt in %s ms: %s",
        consumer.name(),
        event.id(),
        event.type(),
        event.key(),
        failures,
        delay.toMillis(),
        cause);
    itself().sendAfter(delay, itself().pid(), new ConsumerMessage.Wake(batch.firstKey()));
  }

  @SuppressWarnings("unchecked")
  private static void answer(Delivery delivery, Verdict verdict) {
    ((From<Verdict>) delivery.from()).reply(verdict);
  }

  private ServerSelf<ConsumerMessage> itself() {
    if (self == null) {
      throw new IllegalStateException("The process of " + consumer.name() + " has not begun");
    }
    return self;
  }
}
