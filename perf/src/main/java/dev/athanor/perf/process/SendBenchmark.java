package dev.athanor.perf.process;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.SpawnOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Messages, round trips and spawns a second. An operation is one message handled, one round trip
/// finished, one process that has started and ended; each invocation waits for the last of its
/// batch, so that nothing is counted which is only queued.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class SendBenchmark {
  private static final int SENDS = 1_000_000;

  /// Sends before the sender lets others run, so that the receiver's mailbox stays short.
  private static final int BURST = 256;

  private static final int ROUND_TRIPS = 200_000;
  private static final int SPAWNS = 200_000;
  private static final int PAIRS = 100;

  private final Loops loops = new Loops();
  private final Lane left = loops.nextLane();
  private final Lane right = loops.nextLane();
  private final Pid<Message> counter = loops.node().spawn(new Counter(), SpawnOptions.on(right));
  private final Pid<Message> sender = loops.node().spawn(new Sender(), SpawnOptions.on(left));
  private final Pid<Message> neighbour = loops.node().spawn(new Sender(), SpawnOptions.on(right));
  private final Pid<Message> near = loops.node().spawn(new Player(), SpawnOptions.on(left));
  private final Pid<Message> nearToo = loops.node().spawn(new Player(), SpawnOptions.on(left));
  private final List<Pid<Message>> crowd = new ArrayList<>();
  private final List<Pid<Message>> players = new ArrayList<>();
  private final Pid<Message> far = loops.node().spawn(new Player(), SpawnOptions.on(right));

  /// Starts the processes; JMH calls it.
  public SendBenchmark() {
    for (int i = 0; i < 8; i++) {
      crowd.add(loops.node().spawn(new Sender(), SpawnOptions.on(i % 2 == 0 ? left : right)));
    }
    for (int i = 0; i < 2 * PAIRS; i++) {
      Lane lane = i % 4 < 2 ? left : right;
      Lane other = i % 8 < 4 ? lane : i % 2 == 0 ? left : right;
      players.add(loops.node().spawn(new Player(), SpawnOptions.on(other)));
    }
  }

  /// Ends the loops.
  ///
  /// @throws Exception if they do not end in time
  @TearDown
  public void end() throws Exception {
    loops.end();
  }

  /// One process sends to one on another loop.
  ///
  /// @throws InterruptedException if the run is cut short
  @Benchmark
  @OperationsPerInvocation(SENDS)
  public void sendToAnotherLoop() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    sender.send(new Flood(counter, SENDS, done));
    done.await();
  }

  /// One process sends to one on its own loop.
  ///
  /// @throws InterruptedException if the run is cut short
  @Benchmark
  @OperationsPerInvocation(SENDS)
  public void sendOnOneLoop() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    neighbour.send(new Flood(counter, SENDS, done));
    done.await();
  }

  /// Eight processes, four on each loop, send to one.
  ///
  /// @throws InterruptedException if the run is cut short
  @Benchmark
  @OperationsPerInvocation(SENDS)
  public void sendEightToOne() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(crowd.size());
    for (Pid<Message> each : crowd) {
      each.send(new Flood(counter, SENDS / crowd.size(), done));
    }
    done.await();
  }

  /// A hundred pairs, half of them on one loop each and half between the two.
  ///
  /// @throws InterruptedException if the run is cut short
  @Benchmark
  @OperationsPerInvocation(ROUND_TRIPS)
  public void roundTripOfHundredPairs() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(PAIRS);
    for (int i = 0; i < PAIRS; i++) {
      Pid<Message> one = players.get(2 * i);
      one.send(new Ball(players.get(2 * i + 1), one, ROUND_TRIPS / PAIRS, done));
    }
    done.await();
  }

  /// Two processes on one loop, one message between them.
  ///
  /// @throws InterruptedException if the run is cut short
  @Benchmark
  @OperationsPerInvocation(ROUND_TRIPS)
  public void roundTripOnOneLoop() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    near.send(new Ball(nearToo, near, ROUND_TRIPS, done));
    done.await();
  }

  /// Two processes on two idle loops, one message between them.
  ///
  /// @throws InterruptedException if the run is cut short
  @Benchmark
  @OperationsPerInvocation(ROUND_TRIPS / 10)
  public void roundTripBetweenLoops() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    near.send(new Ball(far, near, ROUND_TRIPS / 10, done));
    done.await();
  }

  /// Processes that start, handle one message and end.
  ///
  /// @throws InterruptedException if the run is cut short
  @Benchmark
  @OperationsPerInvocation(SPAWNS)
  public void spawnAndEnd() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(SPAWNS);
    Behavior<Message> mayfly = new Mayfly(done);
    for (int i = 0; i < SPAWNS; i++) {
      loops.node().spawn(mayfly).send(Tick.TICK);
    }
    done.await();
  }

  private sealed interface Message {}

  private enum Tick implements Message {
    TICK
  }

  private record Last(CountDownLatch done) implements Message {}

  private record Flood(Pid<Message> target, int messages, CountDownLatch done) implements Message {}

  private record Ball(Pid<Message> to, Pid<Message> from, int left, CountDownLatch done)
      implements Message {}

  private static final class Counter implements Behavior<Message> {
    private long count;

    @Override
    public void onMessage(Self<Message> self, Message message) {
      count++;
      if (message instanceof Last last) {
        last.done.countDown();
      }
    }

    @Override
    public String toString() {
      return "counted " + count;
    }
  }

  private static final class Sender implements Behavior<Message> {
    @Override
    public void onMessage(Self<Message> self, Message message) {
      if (message instanceof Flood flood) {
        int burst = Math.min(BURST, flood.messages);
        for (int i = 1; i < burst; i++) {
          flood.target.send(Tick.TICK);
        }
        if (burst == flood.messages) {
          flood.target.send(new Last(flood.done));
        } else {
          flood.target.send(Tick.TICK);
          self.pid().send(new Flood(flood.target, flood.messages - burst, flood.done));
        }
      }
    }
  }

  private static final class Player implements Behavior<Message> {
    @Override
    public void onMessage(Self<Message> self, Message message) {
      if (!(message instanceof Ball ball)) {
        return;
      }
      if (ball.left == 0) {
        ball.done.countDown();
      } else if (self.pid().equals(ball.from)) {
        ball.to.send(ball);
      } else {
        ball.from.send(new Ball(ball.to, ball.from, ball.left - 1, ball.done));
      }
    }
  }

  private record Mayfly(CountDownLatch done) implements Behavior<Message> {
    @Override
    public void onMessage(Self<Message> self, Message message) {
      self.exit(ExitReason.NORMAL);
    }

    @Override
    public void onExit(Self<Message> self, ExitReason reason) {
      done.countDown();
    }
  }
}
