package dev.athanor.processor.events;

import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The process that keeps the ledger from growing for ever: every [#INTERVAL] it lets go of events
/// older than [#MEMORY]. A failure waits for the next time.
final class LedgerKeeper implements GenServer<LedgerKeeper.Message, Boolean> {
  private static final Logger LOG = Logger.getLogger(LedgerKeeper.class);

  static final Duration INTERVAL = Duration.ofHours(1);
  static final Duration MEMORY = Duration.ofDays(30);

  /// What the process is told.
  enum Message {
    DUE,
    DONE
  }

  private final Function<Duration, CompletionStage<Integer>> forget;
  private @Nullable ServerSelf<Message> self;

  LedgerKeeper(Function<Duration, CompletionStage<Integer>> forget) {
    this.forget = forget;
  }

  @Override
  public InitResult<Boolean> init(ServerSelf<Message> itself) {
    self = itself;
    itself.sendAfter(INTERVAL, itself.pid(), Message.DUE);
    return InitResult.ok(false);
  }

  @Override
  public Next<Boolean> handleInfo(Info info, Boolean busy) {
    if (self == null || !info.equals(new Info.Message(Message.DUE)) || busy) {
      return Next.noReply(busy);
    }
    self.pipe(
        forget.apply(MEMORY),
        (_, failure) -> {
          if (failure != null) {
            LOG.debugf(failure, "Old events could not be forgotten; next attempt in an hour");
          }
          return Message.DONE;
        });
    return Next.noReply(true);
  }

  @Override
  public Next<Boolean> handleCast(Message message, Boolean busy) {
    if (self != null) {
      self.sendAfter(INTERVAL, self.pid(), Message.DUE);
    }
    return Next.noReply(false);
  }
}
