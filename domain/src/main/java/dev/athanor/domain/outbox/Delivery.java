package dev.athanor.domain.outbox;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/// Delivers a batch of events: those of one key one after the other, in order, and none after one
/// that failed; different keys side by side.
final class Delivery {
  private Delivery() {}

  /// What became of a batch.
  ///
  /// @param done the places of the events that were delivered
  /// @param failed how many were not
  record Outcome(List<Long> done, int failed) {}

  /// The stage never fails.
  static CompletionStage<Outcome> of(
      List<DomainEvent> events, Function<DomainEvent, CompletionStage<Void>> send) {
    Map<String, CompletableFuture<Boolean>> lastOfKey = new HashMap<>();
    Queue<Long> done = new ConcurrentLinkedQueue<>();
    for (DomainEvent event : events) {
      CompletableFuture<Boolean> before =
          lastOfKey.getOrDefault(event.key(), CompletableFuture.completedFuture(true));
      CompletableFuture<Boolean> delivered =
          before.thenCompose(
              ok ->
                  ok
                      ? send.apply(event)
                          .handle((_, failure) -> failure == null)
                          .thenApply(
                              sent -> {
                                if (sent) {
                                  done.add(event.seq());
                                }
                                return sent;
                              })
                      : CompletableFuture.completedStage(false));
      lastOfKey.put(event.key(), delivered);
    }
    return CompletableFuture.allOf(lastOfKey.values().toArray(CompletableFuture[]::new))
        .thenApply(_ -> new Outcome(List.copyOf(done), events.size() - done.size()));
  }
}
