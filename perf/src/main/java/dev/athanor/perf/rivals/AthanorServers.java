package dev.athanor.perf.rivals;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Node;
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
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.DynamicSupervisor;
import dev.athanor.otp.supervisor.Restart;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.Supervisor;
import dev.athanor.otp.supervisor.SupervisorSpec;
import dev.athanor.perf.process.Loops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/// Servers and supervisors on two event loops.
final class AthanorServers {
  private static final int MILLION = 1_000_000;
  private static final int CALLS = 400_000;

  /// As many restarts as it takes.
  private static final Duration BLINK = Duration.ofNanos(1);

  private AthanorServers() {}

  private record Account(long id, long balance) {}

  private record Add(int number) implements Request<Long> {}

  /// Keeps a small record.
  private static final class Keeper implements GenServer<Add, Account> {
    @Override
    public InitResult<Account> init(ServerSelf<Add> self) {
      return InitResult.ok(new Account(self.pid().id(), 0));
    }

    @Override
    public Next<Account> handleCall(Add request, From<?> from, Account state) {
      Account next = new Account(state.id(), state.balance() + request.number());
      return Next.reply(request, next.balance(), next);
    }
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static Pid<DynamicSupervisor.Command> supervisor(Node node, Lane lane) {
    return join(DynamicSupervisor.start(
            node,
            DynamicSupervisor.Options.DEFAULT.intensity(Integer.MAX_VALUE, BLINK),
            ServerOptions.DEFAULT.spawn(SpawnOptions.on(lane))))
        .orThrow();
  }

  /// Two callers, each with a supervisor of its own, which start one child after the other and wait
  /// for each.
  private static final class Starter implements Behavior<Integer> {
    private final Pid<DynamicSupervisor.Command> supervisor;
    private final CountDownLatch done;

    Starter(Pid<DynamicSupervisor.Command> supervisor, CountDownLatch done) {
      this.supervisor = supervisor;
      this.done = done;
    }

    @Override
    public void onMessage(Self<Integer> self, Integer left) {
      self.await(
          DynamicSupervisor.<Add, Account>startServer(
              supervisor, Restart.TEMPORARY, Keeper::new, ServerOptions.DEFAULT),
          (started, failure) -> {
            if (failure == null && left > 1) {
              self.pid().send(left - 1);
            } else {
              done.countDown();
            }
          });
    }
  }

  private static void start(Node node, Lane[] lanes, int count) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(lanes.length);
    for (Lane lane : lanes) {
      node.spawn(new Starter(supervisor(node, lane), done), SpawnOptions.on(lane))
          .send(count / lanes.length);
    }
    Rounds.await(done);
  }

  static void memory() throws Exception {
    Loops loops = new Loops();
    Lane[] lanes = {loops.nextLane(), loops.nextLane()};
    start(loops.node(), lanes, 1_000);
    long before = Rounds.heap();
    start(loops.node(), lanes, MILLION);
    Rounds.print("server_memory", (Rounds.heap() - before) / (double) MILLION);
  }

  static void start() throws Exception {
    Loops loops = new Loops();
    Lane[] lanes = {loops.nextLane(), loops.nextLane()};
    int count = 200_000;
    double[] rates = new double[7];
    for (int round = 0; round < rates.length + 6; round++) {
      Node node = Node.on(loops.node().scheduler());
      System.gc();
      long begin = System.nanoTime();
      start(node, lanes, count);
      if (round >= 6) {
        rates[round - 6] = count * 1e3 / (System.nanoTime() - begin);
      }
    }
    java.util.Arrays.sort(rates);
    Rounds.print("start", rates[rates.length / 2]);
  }

  // ---- calls ---------------------------------------------------------------------------------

  private record Work(Pid<Add> server, int calls, CountDownLatch done) {}

  private static final class Caller implements Behavior<Work> {
    @Override
    public void onMessage(Self<Work> self, Work work) {
      self.await(
          GenServer.call(work.server(), new Add(1)),
          (sum, failure) -> {
            if (failure == null && work.calls() > 1) {
              self.pid().send(new Work(work.server(), work.calls() - 1, work.done()));
            } else {
              work.done().countDown();
            }
          });
    }
  }

  static void call() throws Exception {
    Loops loops = new Loops();
    Lane left = loops.nextLane();
    Lane right = loops.nextLane();
    List<Pid<Work>> callers = new ArrayList<>();
    List<Pid<Add>> servers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      SpawnOptions lane = SpawnOptions.on(i % 2 == 0 ? left : right);
      callers.add(loops.node().spawn(new Caller(), lane));
      servers.add(
          join(GenServer.start(loops.node(), new Keeper(), ServerOptions.DEFAULT.spawn(lane)))
              .orThrow());
    }
    calls("call_1_1", callers, 1, i -> servers.get(0));
    calls("call_100_1", callers, 100, i -> servers.get(0));
    calls("call_100_100", callers, 100, i -> servers.get(i % 4 < 2 ? i : i ^ 1));
  }

  private static void calls(
      String name, List<Pid<Work>> callers, int count, IntFunction<Pid<Add>> server)
      throws Exception {
    Rounds.rate(
        name,
        CALLS,
        () -> {
          CountDownLatch done = new CountDownLatch(count);
          for (int i = 0; i < count; i++) {
            callers.get(i).send(new Work(server.apply(i), CALLS / count, done));
          }
          Rounds.await(done);
        });
  }

  // ---- restarts ------------------------------------------------------------------------------

  /// Kills one child after the other, each when the one before has come up again under its name,
  /// and writes down how long that took.
  private static final class Killer implements Behavior<Long> {
    private final long[] nanos;
    private final int warmUp;
    private final CountDownLatch done;
    private final IntFunction<Pid<?>> victim;
    private long killed;
    private int count;

    Killer(long[] nanos, int warmUp, CountDownLatch done, IntFunction<Pid<?>> victim) {
      this.nanos = nanos;
      this.warmUp = warmUp;
      this.done = done;
      this.victim = victim;
    }

    @Override
    public void onMessage(Self<Long> self, Long up) {
      if (count > warmUp) {
        nanos[count - warmUp - 1] = up - killed;
      }
      if (count == warmUp + nanos.length) {
        done.countDown();
        return;
      }
      Pid<?> next = victim.apply(count);
      count++;
      killed = System.nanoTime();
      self.exit(next, ExitReason.KILL);
    }
  }

  /// A server that reports when it is up.
  private static GenServer<Add, Account> reporting(Pid<Long>[] listener) {
    return new GenServer<>() {
      @Override
      public InitResult<Account> init(ServerSelf<Add> self) {
        long now = System.nanoTime();
        if (listener[0] != null) {
          listener[0].send(now);
        }
        return InitResult.ok(new Account(self.pid().id(), 0));
      }
    };
  }

  static void restart() throws Exception {
    Loops loops = new Loops();
    Node node = loops.node();
    Lane lane = loops.nextLane();
    @SuppressWarnings({"unchecked", "rawtypes"})
    Pid<Long>[] listener = new Pid[1];
    ServerOptions named = ServerOptions.named("victim");
    join(Supervisor.start(
            node,
            SupervisorSpec.of(
                    Strategy.ONE_FOR_ONE,
                    ChildSpec.server(
                        "victim", () -> reporting(listener), named.spawn(SpawnOptions.on(lane))))
                .intensity(Integer.MAX_VALUE, BLINK),
            ServerOptions.DEFAULT.spawn(SpawnOptions.on(lane))))
        .orThrow();
    kill(
        node,
        lane,
        listener,
        "restart",
        i -> java.util.Objects.requireNonNull(node.whereis("victim")));
  }

  private static void kill(
      Node node, Lane lane, Pid<Long>[] listener, String name, IntFunction<Pid<?>> victim)
      throws InterruptedException {
    long[] nanos = new long[50_000];
    CountDownLatch done = new CountDownLatch(1);
    Pid<Long> killer = node.spawn(new Killer(nanos, 100_000, done, victim), SpawnOptions.on(lane));
    listener[0] = killer;
    killer.send(0L);
    Rounds.await(done);
    Rounds.percentiles(name, nanos);
  }

  /// The same among 10,000 children of a dynamic supervisor.
  static void dynamic() throws Exception {
    Loops loops = new Loops();
    Node node = loops.node();
    Lane lane = loops.nextLane();
    @SuppressWarnings({"unchecked", "rawtypes"})
    Pid<Long>[] listener = new Pid[1];
    Pid<DynamicSupervisor.Command> supervisor = supervisor(node, lane);
    for (int i = 0; i < 10_000; i++) {
      ServerOptions named = ServerOptions.named("child" + i).spawn(SpawnOptions.on(lane));
      join(DynamicSupervisor.<Add, Account>startServer(
              supervisor, Restart.PERMANENT, () -> reporting(listener), named))
          .orThrow();
    }
    kill(
        node,
        lane,
        listener,
        "dynamic",
        i -> java.util.Objects.requireNonNull(node.whereis("child" + i * 7919 % 10_000)));
  }
}
