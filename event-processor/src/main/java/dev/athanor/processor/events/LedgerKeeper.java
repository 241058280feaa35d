package dev.athanor.processor.events;

import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The process that keeps the ledger from growing for ever: every [#INTERVAL] it lets go of events
/// older than [#MEMORY], [#STEP] at a time. A failure waits for the next time.
final class LedgerKeeper implements GenServer<LedgerKeeper.Message, Boolean> {
  private static final Logger LOG = Logger.getLogger(LedgerKeeper.class);

  static final Duration INTERVAL = Duration.ofMinutes(1);

  /// The age at which a dead event can be replayed at the latest without repeating the effects that
  /// it had with other consumers.
  static final Duration MEMORY = Duration.ofDays(7);

  static final int STEP = 5_000;

  /// What the process is told.
  enum Message {
    DUE,
    STEP_DONE,
    DONE
  }

  /// Forgets at most so many events of at least that age.
  interface Forgetting {
    CompletionStage<Integer> forget(Duration age, int limit);
  }

  private final Forgetting ledger;
  private @Nullable ServerSelf<Message> self;

  LedgerKeeper(Forgetting ledger) {
    this.ledger = ledger;
  }

  @Override
  public InitResult<Boolean> init(ServerSelf<Message> itself) {
    self = itself;
    itself.sendAfter(INTERVAL, itself.pid(), Message.DUE);
    return InitResult.ok(false);
  }

  @Override
  public Next<Boolean> handleInfo(Info info, Boolean busy) {
    return info instanceof Info.Message(Message message)
        ? handleCast(message, busy)
        : Next.noReply(busy);
  }

  @Override
  public Next<Boolean> handleCast(Message message, Boolean busy) {
    return Next.noReply(
        switch (message) {
          case DUE, STEP_DONE -> step();
          case DONE -> {
            itself().sendAfter(INTERVAL, itself().pid(), Message.DUE);
            yield false;
          }
        });
  }

  private boolean step() {
    itself()
        .pipe(
            ledger.forget(MEMORY, STEP),
            (forgotten, failure) -> {
              if (failure != null) {
                LOG.debugf(failure, "Old events could not be forgotten; next attempt in a minute");
              }
              return forgotten != null && forgotten == STEP ? Message.STEP_DONE : Message.DONE;
            });
    return true;
  }

  private ServerSelf<Message> itself() {
    if (self == null) {
      throw new IllegalStateException("The keeper has not begun");
    }
    return self;
  }
}
