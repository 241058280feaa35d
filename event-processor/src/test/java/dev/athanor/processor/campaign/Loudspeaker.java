package dev.athanor.processor.campaign;

import dev.athanor.domain.campaigns.PushBatch;
import dev.athanor.domain.campaigns.Recipient;
import dev.athanor.domain.readers.DeviceKind;
import dev.athanor.processor.push.PushConnection;
import dev.athanor.processor.push.PushGateway;
import dev.athanor.processor.push.PushOutcome;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A push service in memory, which answers each push after a while as the test wants.
class Loudspeaker implements PushGateway, AutoCloseable {
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger pushes = new AtomicInteger();
  private final DeviceKind kind;
  private final int window;
  private final int delayMillis;
  private final Function<String, PushOutcome> answers;

  Loudspeaker(DeviceKind kind, int window, int delayMillis, Function<String, PushOutcome> answers) {
    this.kind = kind;
    this.window = window;
    this.delayMillis = delayMillis;
    this.answers = answers;
  }

  /// Thrown by answers: the connection is lost before this push is answered.
  static final class Lost extends RuntimeException {}

  @Override
  public DeviceKind kind() {
    return kind;
  }

  @Override
  public boolean configured() {
    return true;
  }

  @Override
  public int connections() {
    return 3;
  }

  @Override
  public int window() {
    return window;
  }

  int pushes() {
    return pushes.get();
  }

  @Override
  public PushConnection open() {
    return new PushConnection() {
      private volatile boolean closed;

      @Override
      public CompletionStage<PushOutcome> push(
          UUID id, PushBatch.Story story, Recipient recipient) {
        pushes.incrementAndGet();
        CompletableFuture<PushOutcome> answer = new CompletableFuture<>();
        var _ =
            clock.schedule(
                () -> {
                  try {
                    if (closed) {
                      throw new Lost();
                    }
                    answer.complete(answers.apply(recipient.device().address()));
                  } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                  }
                },
                delayMillis,
                TimeUnit.MILLISECONDS);
        return answer;
      }

      @Override
      public void close() {
        closed = true;
      }
    };
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
