package dev.athanor.otp.ets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CountersAndCacheTest {

  private final ManualScheduler scheduler = new ManualScheduler();
  private final Node node = Node.on(scheduler);
  private final Tables tables = new Tables(node);
  private final Pid<Runnable> owner = ManualScheduler.doer(node);

  private Cache.Builder<String, String> cache() {
    return Cache.<String, String>named("c").owner(owner);
  }

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().getNow(null);
  }

  private static CompletionStage<String> done(String value) {
    return CompletableFuture.completedFuture(value);
  }

  @Test
  void counters_writersAndTaker_loseNoStep() throws Exception {
    Counters<String> counters =
        Counters.create(
            tables,
            TableSpec.<String, Counters.Counter>set("n").access(Access.PUBLIC).owner(owner));
    AtomicLong taken = new AtomicLong();
    int steps = 300_000;
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < steps; i++) {
                    counters.increment((i & 1) == 0 ? "a" : "b");
                  }
                }));
      }
      running.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 2_000; i++) {
                  taken.addAndGet(counters.take("a"));
                }
              }));
      for (Future<?> f : running) {
        f.get();
      }
    }
    assertThat(taken.get() + counters.count("a")).isEqualTo(steps);
    assertThat(counters.get("b")).hasValue(steps);
    assertThat(counters.addWrapping("w", 5, 4, 0)).isZero();
    assertThat(counters.add("w", -3)).isEqualTo(-3);
    assertThat(counters.get("missing")).isEmpty();
  }

  @Test
  void get_concurrentMisses_loadOnce() throws Exception {
    Cache<String, String> cache = cache().create(tables);
    CompletableFuture<String> loaded = new CompletableFuture<>();
    AtomicInteger loads = new AtomicInteger();
    CyclicBarrier start = new CyclicBarrier(4);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<CompletionStage<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(
            threads.submit(
                () -> {
                  start.await();
                  return cache.get(
                      "k",
                      k -> {
                        loads.incrementAndGet();
                        return loaded;
                      });
                }));
      }
      List<CompletionStage<String>> stages = new ArrayList<>();
      for (Future<CompletionStage<String>> f : answers) {
        stages.add(f.get());
      }
      loaded.complete("v");
      assertThat(stages).allSatisfy(s -> assertThat(now(s)).isEqualTo("v"));
    }
    assertThat(loads).hasValue(1);
    assertThat(cache.getIfPresent("k")).isEqualTo("v");
    assertThat(cache.statistics()).isEqualTo(new Cache.Statistics(4, 1, 1, 0, 0, 0, 1));
  }

  @Test
  void get_failure_reachesEveryWaiterAndIsNotKept() {
    Cache<String, String> cache = cache().create(tables);
    CompletableFuture<String> failing = new CompletableFuture<>();
    CompletionStage<String> first = cache.get("k", k -> failing);
    CompletionStage<String> second = cache.get("k", k -> done("never"));
    failing.completeExceptionally(new IllegalStateException("no database"));
    for (CompletionStage<String> stage : List.of(first, second)) {
      assertThatThrownBy(() -> now(stage))
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(IllegalStateException.class);
    }
    assertThat(now(cache.get("k", k -> done("v")))).isEqualTo("v");
    assertThatThrownBy(
            () ->
                now(
                    cache.get(
                        "x",
                        k -> {
                          throw new IllegalArgumentException(k);
                        })))
        .hasRootCauseInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> now(cache.get("y", k -> done(null)))).hasMessageContaining("null");
    assertThat(cache.size()).isEqualTo(1);
  }

  @Test
  void invalidate_duringLoad_staleValueIsNotKept() {
    Cache<String, String> cache = cache().create(tables);
    CompletableFuture<String> slow = new CompletableFuture<>();
    CompletionStage<String> before = cache.get("k", k -> slow);
    cache.invalidate("k");
    CompletionStage<String> after = cache.get("k", k -> done("new"));
    slow.complete("old");
    assertThat(now(before)).isEqualTo("old");
    assertThat(now(after)).isEqualTo("new");
    assertThat(cache.getIfPresent("k")).isEqualTo("new");

    CompletableFuture<String> slower = new CompletableFuture<>();
    CompletionStage<String> waiting = cache.get("p", k -> slower);
    cache.put("p", "put");
    slower.complete("loaded");
    assertThat(now(waiting)).isEqualTo("loaded");
    assertThat(cache.getIfPresent("p")).isEqualTo("put");
  }

  @Test
  void expiry_afterWriteAndAccess_followsTheClock() {
    Cache<String, String> written = cache().expireAfterWrite(Duration.ofSeconds(10)).create(tables);
    Cache<String, String> used = cache().expireAfterAccess(Duration.ofSeconds(10)).create(tables);
    written.put("k", "v");
    used.put("k", "v");
    scheduler.advance(Duration.ofSeconds(9));
    assertThat(written.getIfPresent("k")).isEqualTo("v");
    assertThat(used.getIfPresent("k")).isEqualTo("v");
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(written.getIfPresent("k")).isNull();
    assertThat(used.getIfPresent("k")).isEqualTo("v");
    assertThat(now(written.get("k", k -> done("again")))).isEqualTo("again");
    scheduler.advance(Duration.ofSeconds(11));
    assertThat(written.size()).isZero();
    assertThat(used.size()).isZero();
    assertThat(written.statistics().expirations()).isEqualTo(2);
    assertThat(scheduler.timers()).isZero();
  }

  @Test
  void expiry_perValue_isSweptAndToldOnce() {
    List<String> left = new ArrayList<>();
    Cache<String, String> cache =
        cache()
            .expireAfterWrite((k, v) -> Duration.ofSeconds(v.length()))
            .sweepEvery(Duration.ofMillis(500))
            .onRemoval((k, v, why) -> left.add(k + " " + why))
            .maximumSize(2)
            .create(tables);
    cache.put("a", "1");
    cache.put("b", "22");
    cache.put("b", "333");
    cache.put("long", "1", Duration.ofNanos(Long.MAX_VALUE));
    assertThat(left).containsExactly("b REPLACED", "a EVICTED");
    cache.put("c", "1");
    cache.invalidate("c");
    cache.put("d", "4444");
    scheduler.advance(Duration.ofSeconds(3));
    assertThat(cache.touch("d")).isTrue();
    scheduler.advance(Duration.ofSeconds(3));
    assertThat(cache.touch("b")).isFalse();
    assertThat(cache.getIfPresent("d")).isEqualTo("4444");
    scheduler.advance(Duration.ofSeconds(2));
    assertThat(left)
        .containsExactly("b REPLACED", "a EVICTED", "b EVICTED", "c INVALIDATED", "d EXPIRED");
    assertThat(cache.size()).isEqualTo(1);
    assertThat(scheduler.timers()).isZero();
    cache.put("e", "1");
    assertThat(scheduler.timers()).isEqualTo(1);
    node.exit(owner, ExitReason.KILL);
    scheduler.run();
    scheduler.advance(Duration.ofDays(1));
    assertThat(scheduler.timers()).isZero();
  }

  @Test
  void update_concurrentWriters_loseNoChange() throws Exception {
    Cache<String, Integer> cache =
        Cache.<String, Integer>named("n").owner(owner).maximumSize(10).create(tables);
    assertThat(cache.updateIfPresent("k", (k, v) -> v + 1)).isNull();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20_000; i++) {
                    cache.update("k", (k, v) -> v == null ? 1 : v + 1);
                    cache.put("other" + i % 8, i);
                  }
                }));
      }
      for (Future<?> f : running) {
        f.get();
      }
    }
    assertThat(cache.updateIfPresent("k", (k, v) -> v + 1)).isEqualTo(40_001);
    CompletableFuture<Integer> slow = new CompletableFuture<>();
    var waiting = cache.get("x", k -> slow).toCompletableFuture();
    assertThat(cache.update("x", (k, v) -> v == null ? 7 : -1)).isEqualTo(7);
    slow.complete(1);
    assertThat(waiting).isCompletedWithValue(1);
    assertThat(cache.getIfPresent("x")).isEqualTo(7);
  }

  @Test
  void maximumSize_exceeded_unusedGoesFirst() {
    Cache<String, String> cache = cache().maximumSize(3).create(tables);
    for (String key : List.of("a", "b", "c")) {
      cache.put(key, key);
    }
    assertThat(cache.getIfPresent("a")).isEqualTo("a");
    cache.put("d", "d");
    assertThat(cache.getIfPresent("b")).isNull();
    assertThat(cache.getIfPresent("a")).isEqualTo("a");
    for (int i = 0; i < 1_000; i++) {
      cache.put("x" + i, "x");
      cache.getIfPresent("x" + i / 2);
      cache.invalidate("x" + i / 3);
    }
    assertThat(cache.size()).isLessThanOrEqualTo(3);
    cache.invalidateAll();
    assertThat(cache.size()).isZero();
    cache.put("z", "z");
    cache.invalidateIf((k, v) -> v.equals("z"));
    assertThat(cache.getIfPresent("z")).isNull();
  }

  @Test
  void ownerExits_duringLoad_waiterIsAnsweredAndCacheIsGone() {
    Cache<String, String> cache = cache().create(tables);
    CompletableFuture<String> slow = new CompletableFuture<>();
    CompletionStage<String> waiting = cache.get("k", k -> slow);
    node.exit(owner, ExitReason.KILL);
    scheduler.run();
    slow.complete("v");
    assertThat(now(waiting)).isEqualTo("v");
    assertThatThrownBy(() -> cache.getIfPresent("k")).isInstanceOf(TableException.Gone.class);
  }
}
