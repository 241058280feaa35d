package dev.athanor.perf.load;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.SpawnOptions;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.HdrHistogram.Histogram;

/// Times restarts: from the kill of a supervised server until its successor has the name and runs
/// `init`. A killer process kills, waits until the successor says that it is there, and kills the
/// next, chosen at random when there are several.
///
/// Measured with the killer on the loop of the tree, and with the killer on another loop that is
/// idle otherwise, where every kill has to wake the tree's thread first.
public final class RestartMeter {
  private static final int RESTARTS_ALLOWED = 1_000_000;
  private static final Duration PERIOD = Duration.ofMillis(1);

  /// One killing in progress; a turn of the killer writes, then a turn of the successor reads. The
  /// mailbox orders the two.
  private final Histogram histogram = new Histogram(TimeUnit.SECONDS.toNanos(10), 3);

  private final Loops loops = new Loops();
  private final Node node = loops.node();
  private final Lane tree = loops.nextLane();
  private final Lane elsewhere = loops.nextLane();
  private long killedAt;
  private boolean timed;
  private Pid<Next> killer;
  private Next following = new Next(0, new CompletableFuture<>());

  private record Next(int left, CompletableFuture<Boolean> done) {}

  private RestartMeter() {
    killer = node.spawn(new Killer(1), SpawnOptions.on(tree));
  }

  /// Measures and prints; `--children 10000 --kills 100000 --warmup 200000` are the defaults.
  ///
  /// @param args the options
  /// @throws Exception if a tree does not start or a kill is not followed by a restart in time
  public static void main(String[] args) throws Exception {
    Options options =
        Options.of(args, Map.of("children", "10000", "kills", "100000", "warmup", "200000"));
    int children = options.number("children", 1, 1_000_000);
    int kills = options.number("kills", 1, 10_000_000);
    int warmup = options.number("warmup", 0, 10_000_000);
    Output out = Output.standard();
    out.header("tree", "killer", "median", "p99", "p99.9", "max");
    for (boolean near : List.of(true, false)) {
      new RestartMeter().run(out, "Supervisor, 1 child", 1, false, near, kills, warmup);
      new RestartMeter()
          .run(out, "DynamicSupervisor, " + children, children, true, near, kills, warmup);
    }
  }

  private void run(
      Output out, String tree, int children, boolean dynamic, boolean near, int kills, int warmup)
      throws Exception {
    killer = node.spawn(new Killer(children), SpawnOptions.on(near ? this.tree : elsewhere));
    ServerOptions here = ServerOptions.DEFAULT.spawn(SpawnOptions.on(this.tree));
    if (dynamic) {
      var options = DynamicSupervisor.Options.DEFAULT.intensity(RESTARTS_ALLOWED, PERIOD);
      Pid<DynamicSupervisor.Command> supervisor =
          DynamicSupervisor.start(node, options, here)
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS)
              .orThrow();
      CompletionStage<?> last = CompletableFuture.completedStage(true);
      for (int i = 0; i < children; i++) {
        last = DynamicSupervisor.startChild(supervisor, victim(i));
      }
      last.toCompletableFuture().get(60, TimeUnit.SECONDS);
    } else {
      SupervisorSpec spec =
          SupervisorSpec.of(Strategy.ONE_FOR_ONE, victim(0)).intensity(RESTARTS_ALLOWED, PERIOD);
      Supervisor.start(node, spec, here).toCompletableFuture().get(10, TimeUnit.SECONDS).orThrow();
    }
    kill(warmup);
    timed = true;
    kill(kills);
    out.row(
        List.of(
            tree,
            near ? "same loop" : "another loop",
            micros(histogram.getValueAtPercentile(50)),
            micros(histogram.getValueAtPercentile(99)),
            micros(histogram.getValueAtPercentile(99.9)),
            micros(histogram.getMaxValue())));
    loops.end();
  }

  private void kill(int times) throws Exception {
    if (times > 0) {
      CompletableFuture<Boolean> done = new CompletableFuture<>();
      killer.send(new Next(times, done));
      done.get(120, TimeUnit.SECONDS);
    }
  }

  private static String micros(long nanos) {
    return String.format(Locale.ROOT, "%.1f us", nanos / 1e3);
  }

  private ChildSpec victim(int number) {
    String name = "victim " + number;
    return ChildSpec.server(name, Victim::new, ServerOptions.named(name))
        .restart(Restart.PERMANENT);
  }

  private final class Killer implements Behavior<Next> {
    private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    private final int children;

    private Killer(int children) {
      this.children = children;
    }

    @Override
    public void onMessage(Self<Next> self, Next next) {
      if (next.left() == 0) {
        next.done().complete(true);
        return;
      }
      String name = "victim " + random.nextInt(children);
      Pid<?> victim = Objects.requireNonNull(node.whereis(name), name);
      following = new Next(next.left() - 1, next.done());
      killedAt = System.nanoTime();
      self.exit(victim, ExitReason.KILL);
    }
  }

  private final class Victim implements GenServer<Object, String> {
    @Override
    public InitResult<String> init(ServerSelf<Object> self) {
      long start = killedAt;
      if (start != 0) {
        if (timed) {
          histogram.recordValue(System.nanoTime() - start);
        }
        killer.send(following);
      }
      return InitResult.ok("up");
    }
  }
}
