package dev.athanor.perf.server;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.SpawnOptions;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.perf.process.Loops;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
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

/// Calls a second. An operation is one call whose reply the calling process has handled; a caller
/// makes its next call only then. Callers and servers are spread over the two loops in turn.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class CallBenchmark {
  private static final int MANY = 100;
  private static final int CALLS = 100_000;

  private final Loops loops = new Loops();
  private final Lane left = loops.nextLane();
  private final Lane right = loops.nextLane();
  private final List<Pid<Work>> callers = new ArrayList<>();
  private final List<Pid<Add>> servers = new ArrayList<>();

  /// Starts the servers and callers; JMH calls it.
  public CallBenchmark() {
    for (int i = 0; i < MANY; i++) {
      SpawnOptions lane = SpawnOptions.on(i % 2 == 0 ? left : right);
      callers.add(loops.node().spawn(new Caller(), lane));
      servers.add(
          GenServer.start(loops.node(), new Adder(), ServerOptions.DEFAULT.spawn(lane))
              .toCompletableFuture()
              .orTimeout(5, TimeUnit.SECONDS)
              .join()
              .orThrow());
    }
  }

  /// Ends the loops.
  ///
  /// @throws Exception if they do not end in time
  @TearDown
  public void end() throws Exception {
    loops.end();
  }

  /// One caller and one server on one loop.
  ///
  /// @throws InterruptedException if the run is cut short
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void oneToOneOnOneLoop() throws InterruptedException {
    run(1, caller -> servers.get(0));
  }

  /// One caller and one server on two loops.
  ///
  /// @throws InterruptedException if the run is cut short
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void oneToOneBetweenLoops() throws InterruptedException {
    run(1, caller -> servers.get(1));
  }

  /// A hundred callers, one server.
  ///
  /// @throws InterruptedException if the run is cut short
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void hundredToOne() throws InterruptedException {
    run(MANY, caller -> servers.get(0));
  }

  /// A hundred callers, a server each, half of the pairs on one loop and half between two.
  ///
  /// @throws InterruptedException if the run is cut short
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void hundredToHundred() throws InterruptedException {
    run(MANY, caller -> servers.get(caller % 4 < 2 ? caller : caller ^ 1));
  }

  private void run(int count, IntFunction<Pid<Add>> server) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(count);
    for (int i = 0; i < count; i++) {
      callers.get(i).send(new Work(server.apply(i), CALLS / count, done));
    }
    done.await();
  }

  private record Work(Pid<Add> server, int calls, CountDownLatch done) {}

  private record Add(int number) implements Request<Long> {}

  private static final class Adder implements GenServer<Add, Long> {
    @Override
    public InitResult<Long> init(ServerSelf<Add> self) {
      return InitResult.ok(0L);
    }

    @Override
    public Next<Long> handleCall(Add request, From<?> from, Long state) {
      Long sum = state + request.number;
      return Next.reply(request, sum, sum);
    }
  }

  private static final class Caller implements Behavior<Work> {
    @Override
    public void onMessage(Self<Work> self, Work work) {
      self.await(
          GenServer.call(work.server, new Add(1)),
          (sum, failure) -> {
            if (failure == null && work.calls > 1) {
              self.pid().send(new Work(work.server, work.calls - 1, work.done));
            } else {
              work.done.countDown();
            }
          });
    }
  }
}
