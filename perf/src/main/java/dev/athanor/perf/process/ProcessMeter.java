package dev.athanor.perf.process;

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
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// What processes weigh and how fairly they share: what a benchmark of JMH cannot tell. Run by
/// `perf/processes.sh`: `ProcessMeter weight | alive | spawn | fairness`, then a number.
///
/// - weight N: heap after a collection for each of N idle processes, and for each of N servers
///   whose state is a record of two numbers. Servers under a supervisor have their own meter.
/// - alive N: spawns N processes, asks all of them for an answer, and says what heap they take. Run
///   it with the heap it is to fit into.
/// - spawn N: processes a second that start and stay, spawned by a process on a loop, until the
///   last has run its `onStart`; five rounds.
/// - fairness N: N calls, one a millisecond, to a server on a loop, while eight processes flood the
///   two loops with handlers of 10 microseconds; the time from the call to the reply's arrival on
///   the loop.
public final class ProcessMeter {
  private static final PrintStream OUT =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  private ProcessMeter() {}

  /// Runs one meter.
  ///
  /// @param args the meter and its number
  /// @throws Exception if it does not come to an end
  public static void main(String[] args) throws Exception {
    if (args.length != 2) {
      throw new IllegalArgumentException(
          "expected weight, alive, spawn or fairness and a number, got " + Arrays.toString(args));
    }
    int number = Integer.parseInt(args[1].replace("_", ""));
    Loops loops = new Loops();
    switch (args[0]) {
      case "weight" -> weight(loops, number);
      case "alive" -> alive(loops, number);
      case "spawn" -> spawn(loops, number);
      case "fairness" -> fairness(loops, number);
      default ->
          throw new IllegalArgumentException(
              "expected weight, alive, spawn or fairness, got " + args[0]);
    }
    loops.end();
  }

  // ---- weight ----------------------------------------------------------------------------------

  private static void weight(Loops loops, int count) throws InterruptedException {
    long before = heap();
    Pid<?>[] kept = new Pid<?>[count];
    CountDownLatch started = new CountDownLatch(count);
    for (int i = 0; i < count; i++) {
      kept[i] = loops.node().spawn(new Plain(started));
    }
    started.await();
    long plain = heap() - before - 4L * count;
    OUT.printf(
        Locale.ROOT, "| idle process with a behavior of one field | %d bytes |%n", plain / count);
    for (Pid<?> pid : kept) {
      loops.node().exit(pid, dev.athanor.otp.process.ExitReason.KILL);
    }
    while (loops.node().processCount() > 0) {
      LockSupport.parkNanos(1_000_000);
    }
    Arrays.fill(kept, null);
    before = heap();
    CountDownLatch up = new CountDownLatch(count);
    for (int i = 0; i < count; i++) {
      int place = i;
      var _ =
          GenServer.start(loops.node(), new Point(i))
              .thenAccept(
                  result -> {
                    kept[place] = result.orThrow();
                    up.countDown();
                  });
    }
    up.await();
    long server = heap() - before - 4L * count;
    OUT.printf(
        Locale.ROOT,
        "| idle server, state of two numbers, no supervisor | %d bytes |%n",
        server / count);
  }

  private static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  private record Plain(CountDownLatch started) implements Behavior<String> {
    @Override
    public void onStart(Self<String> self) {
      started.countDown();
    }

    @Override
    public void onMessage(Self<String> self, String message) {}
  }

  private record At(int x, int y) {}

  private record Where() implements Request<At> {}

  private record Point(int x) implements GenServer<Where, At> {
    @Override
    public InitResult<At> init(ServerSelf<Where> self) {
      return InitResult.ok(new At(x, x));
    }

    @Override
    public Next<At> handleCall(Where request, From<?> from, At state) {
      return Next.reply(request, state, state);
    }
  }

  // ---- alive -----------------------------------------------------------------------------------

  private static void alive(Loops loops, int count) throws InterruptedException {
    LongAdder answers = new LongAdder();
    Behavior<Integer> answering = (self, message) -> answers.add(message);
    long begun = System.nanoTime();
    Pid<?>[] pids = new Pid<?>[count];
    for (int i = 0; i < count; i++) {
      pids[i] = loops.node().spawn(answering);
    }
    long spawned = System.nanoTime();
    for (int i = 0; i < count; i++) {
      @SuppressWarnings("unchecked")
      Pid<Integer> pid = (Pid<Integer>) pids[i];
      pid.send(1);
      if ((i & 0xFFFF) == 0) {
        await(answers, i - 0x40000L);
      }
    }
    await(answers, count);
    long answered = System.nanoTime();
    OUT.printf(
        Locale.ROOT,
        "| %,d alive | spawned in %.1f s | all answered in %.1f s | heap after collection %,d MB"
            + " of %,d MB |%n",
        loops.node().processCount(),
        (spawned - begun) / 1e9,
        (answered - spawned) / 1e9,
        heap() >> 20,
        Runtime.getRuntime().maxMemory() >> 20);
  }

  private static void await(LongAdder answers, long count) {
    while (answers.sum() < count) {
      LockSupport.parkNanos(100_000);
    }
  }

  // ---- spawn -----------------------------------------------------------------------------------

  private record Birth(int left, CountDownLatch started) {}

  private static void spawn(Loops loops, int count) throws InterruptedException {
    for (int round = 0; round < 5; round++) {
      Pid<Birth> mother =
          loops
              .node()
              .spawn(
                  (self, birth) -> {
                    int batch = Math.min(1_000, birth.left);
                    for (int i = 0; i < batch; i++) {
                      self.node().spawn(new Plain(birth.started));
                    }
                    if (birth.left > batch) {
                      self.pid().send(new Birth(birth.left - batch, birth.started));
                    }
                  });
      CountDownLatch started = new CountDownLatch(count);
      System.gc();
      long begun = System.nanoTime();
      mother.send(new Birth(count, started));
      started.await();
      double seconds = (System.nanoTime() - begun) / 1e9;
      OUT.printf(Locale.ROOT, "| spawned, staying | %.2f M/s |%n", count / seconds / 1e6);
      loops
          .node()
          .processes()
          .forEach(pid -> loops.node().exit(pid, dev.athanor.otp.process.ExitReason.KILL));
      while (loops.node().processCount() > 0) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  // ---- fairness --------------------------------------------------------------------------------

  private static void fairness(Loops loops, int calls) throws Exception {
    Lane[] lanes = {loops.nextLane(), loops.nextLane()};
    for (int i = 0; i < 8; i++) {
      Pid<Integer> flood =
          loops
              .node()
              .spawn(
                  (self, message) -> {
                    long end = System.nanoTime() + 10_000;
                    while (System.nanoTime() - end < 0) {
                      Thread.onSpinWait();
                    }
                    self.pid().send(message);
                  },
                  SpawnOptions.on(lanes[i % 2]));
      for (int n = 0; n < 100; n++) {
        flood.send(n);
      }
    }
    Pid<Where> light =
        GenServer.start(
                loops.node(), new Point(1), ServerOptions.DEFAULT.spawn(SpawnOptions.on(lanes[0])))
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS)
            .orThrow();
    long[] nanos = new long[calls];
    for (int warm = 0; warm < 2; warm++) {
      for (int i = 0; i < calls; i++) {
        int place = i;
        CountDownLatch replied = new CountDownLatch(1);
        long asked = System.nanoTime();
        var _ =
            GenServer.call(light, new Where(), java.time.Duration.ofSeconds(30))
                .whenComplete(
                    (at, failure) -> {
                      nanos[place] = failure == null ? System.nanoTime() - asked : Long.MAX_VALUE;
                      replied.countDown();
                    });
        replied.await();
        LockSupport.parkNanos(1_000_000);
      }
    }
    Arrays.sort(nanos);
    OUT.printf(
        Locale.ROOT,
        "| reply of a light server beside eight that flood | p50 %.2f ms | p99 %.2f ms | max %.2f"
            + " ms |%n",
        nanos[calls / 2] / 1e6,
        nanos[calls - 1 - calls / 100] / 1e6,
        nanos[calls - 1] / 1e6);
  }
}
