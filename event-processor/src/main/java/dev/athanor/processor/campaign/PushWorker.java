package dev.athanor.processor.campaign;

import dev.athanor.domain.campaigns.PushBatch;
import dev.athanor.domain.campaigns.PushBatch.Order;
import dev.athanor.domain.campaigns.PushBatch.Settled;
import dev.athanor.domain.campaigns.Recipient;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Owned;
import dev.athanor.otp.process.TimerRef;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.processor.push.PushConnection;
import dev.athanor.processor.push.PushGateway;
import dev.athanor.processor.push.PushOutcome;
import dev.athanor.processor.push.PushOutcome.RetryAfter;
import dev.athanor.processor.push.PushOutcome.Whom;
import dev.athanor.processor.retry.Backoff;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A process with a push connection that takes one batch after the other and delivers it.
///
/// It has a bounded number of pushes *exposed*: under way, or answered and not written down yet.
/// The bound is the back-pressure, on the push service as on the database, and it is also the most
/// that is sent twice when the process is killed: the next holder of the batch leaves out whoever
/// is written down. Answers are written down together, after 50 ms or 250 of them.
///
/// A device that is told "not now" rests and is tried again a number of times. A connection that is
/// lost, or whose service is in trouble, rests as a whole, and the pushes whose answer is missing
/// are sent again under the same id; a second loss in a row makes it a new connection. Where only
/// one of several push services is in trouble, its devices are left: once all others have their
/// answer the batch is put back until that service may be asked again. Both end when the story is
/// too old to be told. When the application stops, the worker waits for the answers under way,
/// writes them down and puts the batch back.
///
/// The state is since when it has had nothing to do.
final class PushWorker implements GenServer<WorkerMessage, PushWorker.Idle> {
  private static final Logger LOG = Logger.getLogger(PushWorker.class);
  private static final Duration ASK_AGAIN = Duration.ofMillis(250);
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(3);
  private static final RetryAfter LOST =
      new RetryAfter(Duration.ZERO, Whom.EVERYBODY, "the connection was lost");

  private final PushGateway gateway;
  private final PushCrew crew;
  private @Nullable ServerSelf<WorkerMessage> self;
  private @Nullable PushConnection connection;
  private @Nullable Owned owned;
  private @Nullable BatchProgress progress;
  private @Nullable TimerRef renewal;

  /// What was written down last, done or not.
  private CompletionStage<?> writing = CompletableFuture.completedStage(Order.GO_ON);

  private int serial;

  /// The campaign rests: nothing new is sent, the batch is put back.
  private boolean resting;

  private boolean settleTimer;
  private boolean ending;
  private int losses;
  private int failures;
  private long restUntil;

  PushWorker(PushGateway gateway, PushCrew crew) {
    this.gateway = gateway;
    this.crew = crew;
  }

  /// Since when there is nothing to do; zero while there is.
  record Idle(long sinceNanos) {
    static final Idle NO = new Idle(0);
  }

  @Override
  public InitResult<Idle> init(ServerSelf<WorkerMessage> itself) {
    self = itself;
    itself.trapExit(true);
    restUntil = now();
    connect();
    claim();
    return InitResult.ok(Idle.NO);
  }

  /// Opens a connection in the place of the one before, if there was one.
  private void connect() {
    if (owned != null && me().node().disown(me().pid(), owned)) {
      open().close();
    }
    PushConnection opened = gateway.open();
    connection = opened;
    owned = (_, _) -> opened.close();
    me().node().own(me().pid(), owned);
  }

  @Override
  public Next<Idle> handleInfo(Info info, Idle idle) {
    return info instanceof Info.Message(WorkerMessage message)
        ? handleCast(message, idle)
        : Next.noReply(idle);
  }

  @Override
  public Next<Idle> handleCast(WorkerMessage message, Idle idle) {
    return switch (message) {
      case WorkerMessage.Claim() -> {
        claim();
        yield Next.noReply(idle);
      }
      case WorkerMessage.Claimed(var batch, var failure) -> claimed(batch, failure, idle);
      case WorkerMessage.OfBatch about -> {
        BatchProgress current = progress;
        if (current != null && current.serial() == about.serial()) {
          handle(about, current);
        }
        yield Next.noReply(idle);
      }
    };
  }

  private void handle(WorkerMessage.OfBatch message, BatchProgress current) {
    switch (message) {
      case WorkerMessage.Answered(_, int place, var outcome) -> {
        answered(current, place, outcome);
        pump(current);
      }
      case WorkerMessage.Rested(_, int place) -> {
        current.rested(place);
        pump(current);
      }
      case WorkerMessage.GoOn _ -> pump(current);
      case WorkerMessage.Settle _ -> {
        settleTimer = false;
        if (current.isInDoubt() || current.unsettled() > 0) {
          settle(current);
        } else {
          pump(current);
        }
      }
      case WorkerMessage.Renew _ -> {
        if (!ending) {
          settle(current);
        }
      }
      case WorkerMessage.Written(_, var order) -> written(current, order);
      case WorkerMessage.Over(_, boolean done) -> {
        ending = false;
        if (done) {
          leave();
          claim();
        } else {
          after(Backoff.DATABASE.delay(++failures, crew.random()), goOn(current));
        }
      }
    }
  }

  /// What is under way is waited for and written down, and the batch put back.
  @Override
  public @Nullable CompletionStage<?> prepareToStop(ExitReason reason, Idle idle) {
    BatchProgress left = progress;
    if (left == null) {
      return null;
    }
    PushBatch batch = left.batch();
    Map<Integer, CompletionStage<PushOutcome>> underWay = left.underWay();
    CompletableFuture<?>[] all =
        Stream.concat(Stream.of(writing), underWay.values().stream())
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(all)
        .orTimeout(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)
        .handle((_, _) -> left.settle())
        .thenCompose(unsure -> write(batch, unsure))
        .thenCompose(_ -> write(batch, lastAnswers(left, underWay)))
        .thenCompose(_ -> stage(crew.work().release(batch, Duration.ZERO)));
  }

  private CompletionStage<Order> write(PushBatch batch, Settled settled) {
    return stage(crew.work().settle(batch, settled, crew.timing().lease()));
  }

  /// Messages are no longer handled by now: nobody else touches the progress.
  private static Settled lastAnswers(
      BatchProgress left, Map<Integer, CompletionStage<PushOutcome>> underWay) {
    left.settled();
    underWay.forEach(
        (place, answer) -> {
          CompletableFuture<PushOutcome> future = answer.toCompletableFuture();
          if (future.isDone() && !future.isCompletedExceptionally()) {
            left.keep(place, future.join());
          }
        });
    return left.settle();
  }

  private void claim() {
    me().pipe(
            stage(crew.work().claim(gateway.kind(), UUID.randomUUID(), crew.timing().lease())),
            WorkerMessage.Claimed::new);
  }

  private Next<Idle> claimed(@Nullable PushBatch batch, @Nullable Throwable failure, Idle idle) {
    if (failure != null) {
      LOG.debugf(failure, "No batch could be claimed; another attempt follows");
      after(Backoff.DATABASE.delay(++failures, crew.random()), new WorkerMessage.Claim());
      return Next.noReply(idle);
    }
    failures = 0;
    if (batch != null) {
      begin(new BatchProgress(batch, ++serial));
      return Next.noReply(Idle.NO);
    }
    Idle since = idle.equals(Idle.NO) ? new Idle(now()) : idle;
    if (now() - since.sinceNanos() > crew.timing().linger().toNanos()) {
      return Next.stop(ExitReason.NORMAL, since);
    }
    after(ASK_AGAIN, new WorkerMessage.Claim());
    return Next.noReply(since);
  }

  private void begin(BatchProgress begun) {
    progress = begun;
    resting = false;
    ending = false;
    settleTimer = false;
    renewal =
        me().sendInterval(
                crew.timing().lease().dividedBy(3),
                me().pid(),
                new WorkerMessage.Renew(begun.serial()));
    pump(begun);
  }

  private void leave() {
    progress = null;
    if (renewal != null) {
      me().cancel(renewal);
      renewal = null;
    }
  }

  /// Sends as much as may be exposed, and sees to what is next when there is nothing to send.
  private void pump(BatchProgress current) {
    while (!resting && current.exposed() < gateway.window() && restUntil - now() <= 0) {
      int place = current.take();
      if (place < 0) {
        break;
      }
      send(current, place);
    }
    boolean last = current.isAnswered() || (resting && !current.isFlying());
    if (current.isInDoubt()) {
      return;
    }
    if (current.unsettled() >= crew.timing().settleAt() || (last && current.hasNews())) {
      settle(current);
    } else if (last && !current.isSettling() && !ending) {
      end(current);
    } else if (current.unsettled() > 0 && !settleTimer) {
      settleTimer = true;
      after(crew.timing().settleAfter(), new WorkerMessage.Settle(current.serial()));
    }
  }

  private void send(BatchProgress current, int place) {
    PushBatch batch = current.batch();
    Recipient recipient = batch.recipients().get(place);
    UUID id = PushIds.of(batch.campaign(), recipient.id());
    CompletionStage<PushOutcome> answer;
    try {
      answer = open().push(id, batch.story(), recipient);
    } catch (RuntimeException e) {
      LOG.debugf(e, "A push to device %s could not be made", recipient.id());
      current.keep(place, new PushOutcome.Refused(String.valueOf(e.getMessage())));
      return;
    }
    current.sent(place, answer);
    int of = current.serial();
    me().pipe(answer, (outcome, _) -> new WorkerMessage.Answered(of, place, outcome));
  }

  private void answered(BatchProgress current, int place, @Nullable PushOutcome outcome) {
    current.landed(place);
    if (outcome == null) {
      crew.meters().lost(gateway.kind());
      int before = losses;
      later(current, place, LOST);
      if (losses > before && losses > 1) {
        connect();
      }
      return;
    }
    crew.meters().answered(gateway.kind(), outcome);
    if (outcome instanceof RetryAfter later) {
      later(current, place, later);
    } else {
      losses = 0;
      current.keep(place, outcome);
    }
  }

  private void later(BatchProgress current, int place, RetryAfter later) {
    current.problem(later.reason());
    Duration lifetime = crew.timing().timeToLive();
    if (crew.clock().instant().isAfter(current.batch().story().since().plus(lifetime))) {
      current.keep(place, new PushOutcome.Refused(later.reason() + ", for " + lifetime));
      return;
    }
    switch (later.whom()) {
      case DEVICE -> {
        losses = 0;
        restDevice(current, place, later.after(), later.reason());
      }
      case ORIGIN -> current.leave(now() + later.after().toNanos());
      case EVERYBODY -> {
        current.again(place);
        restConnection(current, later.after());
      }
    }
  }

  private void restDevice(BatchProgress current, int place, Duration wait, String reason) {
    int attempts = current.attempt(place);
    if (attempts >= crew.timing().attempts()) {
      current.keep(place, new PushOutcome.Refused(reason + ", " + attempts + " times"));
      return;
    }
    current.rest();
    Duration own = crew.timing().device().delay(attempts, crew.random());
    after(wait.plus(own), new WorkerMessage.Rested(current.serial(), place));
  }

  /// All answers that a lost connection owes come at once and count once.
  private void restConnection(BatchProgress current, Duration wait) {
    if (restUntil - now() > 0) {
      return;
    }
    Duration rest = crew.timing().connection().delay(++losses, crew.random()).plus(wait);
    restUntil = now() + rest.toNanos();
    after(rest, goOn(current));
  }

  private void settle(BatchProgress current) {
    if (current.isSettling()) {
      return;
    }
    int of = current.serial();
    CompletionStage<Order> written = write(current.batch(), current.settle());
    writing = written;
    me().pipe(written, (order, _) -> new WorkerMessage.Written(of, order));
  }

  private void written(BatchProgress current, @Nullable Order order) {
    switch (order) {
      case null -> {
        current.doubt();
        settleTimer = true;
        after(
            Backoff.DATABASE.delay(++failures, crew.random()),
            new WorkerMessage.Settle(current.serial()));
        return;
      }
      case GO_ON -> failures = 0;
      case REST -> resting = true;
      case LOST -> {
        LOG.warnf("Batch %s is somebody else's by now", current.batch().no());
        leave();
        claim();
        return;
      }
    }
    current.settled();
    pump(current);
  }

  private void end(BatchProgress current) {
    ending = true;
    PushBatch batch = current.batch();
    boolean done = current.isAnswered() && !current.isLeft();
    Uni<Void> end = done ? crew.work().finish(batch) : crew.work().release(batch, rest(current));
    int of = current.serial();
    me().pipe(stage(end), (_, failure) -> new WorkerMessage.Over(of, failure == null));
  }

  /// How long nobody needs to take the batch.
  private Duration rest(BatchProgress current) {
    return current.isLeft() && !resting
        ? Duration.ofNanos(Math.max(0, current.askAgainNanos() - now()))
        : Duration.ZERO;
  }

  private static WorkerMessage goOn(BatchProgress current) {
    return new WorkerMessage.GoOn(current.serial());
  }

  private void after(Duration delay, WorkerMessage message) {
    me().sendAfter(delay, me().pid(), message);
  }

  private long now() {
    return me().node().scheduler().nanoTime();
  }

  private static <T extends @Nullable Object> CompletionStage<T> stage(Uni<T> uni) {
    return uni.subscribeAsCompletionStage();
  }

  private PushConnection open() {
    if (connection == null) {
      throw new IllegalStateException("The worker has not begun");
    }
    return connection;
  }

  private ServerSelf<WorkerMessage> me() {
    if (self == null) {
      throw new IllegalStateException("The worker has not begun");
    }
    return self;
  }
}
