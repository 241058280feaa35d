package dev.athanor.processor.campaign;

import dev.athanor.domain.campaigns.PushBatch;
import dev.athanor.domain.campaigns.PushBatch.Order;
import dev.athanor.processor.push.PushOutcome;
import org.jspecify.annotations.Nullable;

/// What a [PushWorker] tells itself.
sealed interface WorkerMessage {
  /// It is time to ask for a batch.
  record Claim() implements WorkerMessage {}

  /// The answer: a batch, or none, or nobody could be asked.
  record Claimed(@Nullable PushBatch batch, @Nullable Throwable failure) implements WorkerMessage {}

  /// Something about a batch.
  sealed interface OfBatch extends WorkerMessage {
    /// Tells the batch from the ones before it.
    int serial();
  }

  /// A push is answered; null when the connection was lost.
  record Answered(int serial, int place, @Nullable PushOutcome outcome) implements OfBatch {}

  /// A device has rested.
  record Rested(int serial, int place) implements OfBatch {}

  /// The connection, or the database, has rested.
  record GoOn(int serial) implements OfBatch {}

  /// Answers have waited long enough to be written down.
  record Settle(int serial) implements OfBatch {}

  /// The lease is to be renewed.
  record Renew(int serial) implements OfBatch {}

  /// They are written down; null when they could not be.
  record Written(int serial, @Nullable Order order) implements OfBatch {}

  /// The batch is ended or put back, or that failed.
  record Over(int serial, boolean done) implements OfBatch {}
}
