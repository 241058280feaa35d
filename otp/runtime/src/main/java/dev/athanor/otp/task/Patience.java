package dev.athanor.otp.task;

import dev.athanor.otp.process.Node;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Waits for a stage, and for so long.
///
/// @param <R> what is waited for
final class Patience<R extends @Nullable Object> extends Node.Deadline {
  private final CompletableFuture<R> result = new CompletableFuture<>();
  private final Supplier<R> late;

  private Patience(Supplier<R> late) {
    this.late = late;
  }

  /// A stage for what follows from another, or from its not having come in time. What the functions
  /// throw it fails with.
  static <S, R extends @Nullable Object> CompletableFuture<R> limited(
      Node node,
      CompletableFuture<S> source,
      Duration limit,
      Function<S, R> inTime,
      Supplier<R> late) {
    Patience<R> patience = new Patience<>(late);
    if (!source.isDone()) {
      if (limit.isZero() || limit.isNegative()) {
        patience.expired();
        return patience.result;
      }
      node.arm(patience, limit);
    }
    var _ =
        source.whenComplete(
            (value, failure) -> {
              patience.disarm();
              if (failure != null) {
                patience.result.completeExceptionally(failure);
              } else {
                patience.settle(() -> inTime.apply(value));
              }
            });
    return patience.result;
  }

  private void settle(Supplier<R> outcome) {
    if (!result.isDone()) {
      try {
        result.complete(outcome.get());
      } catch (RuntimeException failure) {
        result.completeExceptionally(failure);
      }
    }
  }

  @Override
  protected void expired() {
    settle(late);
  }
}
