package dev.athanor.perf.load;

import dev.athanor.otp.channels.pubsub.Broadcast;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.pubsub.Subscription;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.perf.process.Loops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Measures PubSub among processes: a broadcast to `--few` and `--many` subscribers of one topic
/// until the last has it, what joining and leaving a topic with `--many` costs, and what it costs a
/// subscriber of `--many` topics. The processes live on two event loops; the caller is on neither.
public final class PubSubMeter {
  private static final Map<String, String> DEFAULTS =
      Map.of("few", "10000", "many", "100000", "rounds", "60");

  private final int rounds;
  private final Output output;
  private final AtomicInteger missing = new AtomicInteger();
  private final Semaphore all = new Semaphore(0);

  private PubSubMeter(int rounds, Output output) {
    this.rounds = rounds;
    this.output = output;
  }

  /// Runs the meter and prints rows of a Markdown table.
  ///
  /// @param args options as `--name value`; see the type
  /// @throws Exception if a subscriber misses something
  public static void main(String[] args) throws Exception {
    Options options = Options.of(args, DEFAULTS);
    PubSubMeter meter = new PubSubMeter(options.number("rounds", 1, 10_000), Output.standard());
    Loops loops = new Loops();
    try {
      meter.broadcast(loops.node(), options.number("few", 1, 1_000_000));
      meter.broadcast(loops.node(), options.number("many", 1, 1_000_000));
      meter.comeAndGo(loops.node(), options.number("many", 1, 1_000_000));
    } finally {
      loops.end();
    }
  }

  private void broadcast(Node node, int count) throws Exception {
    PubSub pubSub = new PubSub(node);
    List<Pid<Broadcast>> processes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Pid<Broadcast> pid = node.spawn((self, message) -> received());
      processes.add(pid);
      pubSub.subscribe("topic", pid);
    }
    double[] millis = new double[rounds];
    for (int i = -rounds; i < rounds; i++) {
      missing.set(count);
      long start = System.nanoTime();
      pubSub.broadcast("topic", "event", Payload.EMPTY);
      if (!all.tryAcquire(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "expected all of %d subscribers to receive, %d did not"
                .formatted(count, missing.get()));
      }
      if (i >= 0) {
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    Arrays.sort(millis);
    row(
        "PubSub.broadcast to %,d processes until the last has it, p50".formatted(count),
        String.format(Locale.ROOT, "%.2f ms", millis[rounds / 2]));
    for (Pid<Broadcast> pid : processes) {
      pubSub.unsubscribe("topic", pid);
    }
  }

  private void received() {
    if (missing.decrementAndGet() == 0) {
      all.release();
    }
  }

  /// The least of several rounds each, a nanosecond figure for one subscription.
  private void comeAndGo(Node node, int count) {
    PubSub pubSub = new PubSub(node);
    List<Pid<Broadcast>> crowd = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      crowd.add(node.spawn((self, message) -> received()));
    }
    List<String> topics = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      topics.add("topic:" + i);
    }
    Random random = new Random(1);
    long[] least = new long[5];
    Arrays.fill(least, Long.MAX_VALUE);
    for (int round = 0; round < 12; round++) {
      List<Subscription> subscriptions = new ArrayList<>(count);
      time(least, 0, () -> crowd.forEach(pid -> subscriptions.add(pubSub.subscribe("hot", pid))));
      Collections.shuffle(subscriptions, random);
      time(least, 1, () -> subscriptions.forEach(Subscription::cancel));
      crowd.forEach(pid -> pubSub.subscribe("hot", pid));
      List<Pid<Broadcast>> leaving = new ArrayList<>(crowd);
      Collections.shuffle(leaving, random);
      time(least, 2, () -> leaving.forEach(pid -> pubSub.unsubscribe("hot", pid)));
      Pid<Broadcast> busy = crowd.get(round);
      time(least, 3, () -> topics.forEach(topic -> pubSub.subscribe(topic, busy)));
      time(least, 4, () -> topics.forEach(topic -> pubSub.unsubscribe(topic, busy)));
    }
    String[] names = {
      "joining one topic, each of %,d processes",
      "leaving it by the subscription, in random order",
      "leaving it by the process, in random order",
      "one process joining %,d topics, each",
      "leaving them, each"
    };
    for (int i = 0; i < names.length; i++) {
      row(names[i].formatted(count), least[i] / count + " ns");
    }
  }

  private static void time(long[] least, int which, Runnable work) {
    long start = System.nanoTime();
    work.run();
    least[which] = Math.min(least[which], System.nanoTime() - start);
  }

  private void row(String name, String value) {
    output.row(List.of(name, value, ""));
  }
}
