package dev.athanor.otp.channels.presence;

import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Scheduler;
import dev.athanor.otp.telemetry.Event;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Asks the application what more there is to say of those who are there; whatever goes wrong, the
/// answer comes, in time, and is then that there is nothing more. Any thread.
final class Fetcher {
  private final Node node;
  private final @Nullable Fetch fetch;
  private final long timeoutNanos;

  Fetcher(Node node, @Nullable Fetch fetch, long timeoutNanos) {
    this.node = node;
    this.fetch = fetch;
    this.timeoutNanos = timeoutNanos;
  }

  boolean isIdle() {
    return fetch == null;
  }

  CompletableFuture<Map<String, Payload>> fetch(String topic, Map<String, List<Meta>> there) {
    if (fetch == null || there.isEmpty()) {
      return CompletableFuture.completedFuture(Map.of());
    }
    CompletionStage<Map<String, Payload>> asked;
    try {
      asked = fetch.fetch(topic, there);
    } catch (RuntimeException failure) {
      failed(topic, failure.toString());
      return CompletableFuture.completedFuture(Map.of());
    }
    CompletableFuture<Map<String, Payload>> answer = new CompletableFuture<>();
    Scheduler.Cancellable patience =
        node.scheduler()
            .schedule(
                timeoutNanos,
                () -> {
                  if (answer.complete(Map.of())) {
                    failed(topic, "no answer within " + timeoutNanos / 1_000_000 + " ms");
                  }
                });
    asked.whenComplete(
        (known, failure) -> {
          patience.cancel();
          Map<String, Payload> more = Map.of();
          if (failure != null || known == null) {
            failed(topic, String.valueOf(failure));
          } else {
            try {
              more = objects(topic, known);
            } catch (RuntimeException unreadable) {
              failed(topic, unreadable.toString());
            }
          }
          answer.complete(more);
        });
    return answer;
  }

  private Map<String, Payload> objects(String topic, Map<String, Payload> known) {
    if (known.values().stream().allMatch(Fetcher::isObject)) {
      return known;
    }
    failed(topic, "expected JSON objects, got " + known);
    return known.entrySet().stream()
        .filter(each -> isObject(each.getValue()))
        .collect(
            Collectors.toMap(Map.Entry::getKey, each -> Objects.requireNonNull(each.getValue())));
  }

  private static boolean isObject(Payload payload) {
    return !payload.isBinary() && payload.json().isObject();
  }

  private void failed(String topic, String why) {
    if (node.telemetry().isAttached("athanor.presence.fetch_failed")) {
      node.telemetry()
          .execute(Event.of("athanor.presence.fetch_failed", Map.of("topic", topic, "why", why)));
    }
  }
}
