package dev.athanor.otp.ets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.telemetry.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// A listener that throws harms nobody who waits, and no later sweep.
class CacheListenerTest {
  private final ManualScheduler scheduler = new ManualScheduler();
  private final Node node = Node.on(scheduler);
  private final Tables tables = new Tables(node);
  private final Pid<Runnable> owner = ManualScheduler.doer(node);
  private int told;

  private Cache.Builder<String, String> cache() {
    return Cache.<String, String>named("c")
        .owner(owner)
        .onRemoval(
            (key, value, why) -> {
              told++;
              throw new IllegalStateException("listener");
            });
  }

  @Test
  void get_loadEvictsAndTheListenerThrows_whoWaitsHasTheValue() {
    Cache<String, String> cache = cache().maximumSize(1).create(tables);
    cache.put("a", "1");
    CompletableFuture<String> loading = new CompletableFuture<>();
    var waiting = cache.get("b", key -> loading).toCompletableFuture();
    loading.complete("2");
    assertThat(told).isEqualTo(1);
    assertThat(waiting).isCompletedWithValue("2");
    assertThat(cache.get("b", key -> loading).toCompletableFuture()).isCompletedWithValue("2");
  }

  @Test
  void put_listenerThrows_isAnEventAndTheValueIsThere() {
    List<Event> events = new ArrayList<>();
    node.telemetry().attach("test", "athanor.cache", events::add);
    Cache<String, String> cache = cache().create(tables);
    cache.put("a", "1");
    cache.put("a", "2");
    assertThat(cache.getIfPresent("a")).isEqualTo("2");
    assertThat(events)
        .singleElement()
        .satisfies(event -> assertThat(event.name()).isEqualTo("athanor.cache.listener_failed"));
  }

  @Test
  void sweep_listenerThrows_laterSweepsComeAllTheSame() {
    Cache<String, String> cache = cache().expireAfterWrite(Duration.ofSeconds(10)).create(tables);
    cache.put("a", "1");
    cache.put("b", "1");
    scheduler.advance(Duration.ofSeconds(15));
    assertThat(cache.size()).isZero();
    assertThat(told).isEqualTo(2);
    cache.put("c", "1");
    scheduler.advance(Duration.ofSeconds(15));
    assertThat(cache.size()).isZero();
    assertThat(scheduler.timers()).isZero();
  }
}
