package dev.athanor.otp.supervisor;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.server.StartResult;
import dev.athanor.otp.telemetry.Event;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// One random tree under random crashes, watched from outside at every step: what its supervisors
/// start and stop, in which order, and how often.
final class Forest {
  /// The children of one supervisor as its spec has them.
  private static final class Plan {
    Strategy strategy;
    int intensity;
    long periodNanos;
    final List<String> order = new ArrayList<>();
    final Map<String, Restart> rules = new HashMap<>();
  }

  /// One supervisor process and what became of its children.
  private static final class Brood {
    final Plan plan;
    final Pid<?> supervisor;
    final Map<String, Pid<?>> alive = new HashMap<>();
    final Map<String, Integer> starts = new HashMap<>();
    final Deque<Long> restarts = new ArrayDeque<>();
    int restartsInAll;
    int furthest = -1;

    Brood(Plan plan, Pid<?> supervisor) {
      this.plan = plan;
      this.supervisor = supervisor;
    }

    boolean livesAfter(String name) {
      List<String> order = plan.order;
      return order.subList(order.indexOf(name) + 1, order.size()).stream()
          .anyMatch(alive::containsKey);
    }
  }

  private static final ExitReason ASKED = ExitReason.shutdown("asked by the test");

  final DeterministicScheduler scheduler;
  final List<Pid<?>> members = new ArrayList<>();
  private final Random random;
  private final Node node;
  private final Map<Pid<?>, Brood> broods = new HashMap<>();
  private final Set<Pid<?>> killed = new HashSet<>();
  private final Set<Pid<?>> gaveUp = new HashSet<>();
  private final boolean killsSupervisors;
  private String broken;
  private int names;

  Forest(long seed, boolean killsSupervisors) {
    this.killsSupervisors = killsSupervisors;
    random = new Random(seed);
    scheduler = new DeterministicScheduler(seed);
    node = Node.on(scheduler);
    node.telemetry().attach("forest", "athanor.supervisor", this::report);
    scheduler.afterEachTurn(
        () -> {
          if (broken != null) {
            throw new AssertionError(broken);
          }
        });
  }

  /// Noted at once, thrown after the turn: inside of it the runtime would catch it.
  private void check(boolean holds, String what) {
    if (!holds && broken == null) {
      broken = what;
    }
  }

  // ---- what grows ------------------------------------------------------------------------------

  private <T> T one(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private SupervisorSpec tree(int depth) {
    Plan plan = new Plan();
    plan.strategy = one(Strategy.values());
    plan.intensity = random.nextInt(4);
    Duration period = Duration.ofSeconds(1 + random.nextInt(5));
    plan.periodNanos = period.toNanos();
    List<ChildSpec> children = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String name = "n" + names++;
      ChildSpec child =
          depth > 0 && random.nextInt(3) == 0 ? branch(plan, name, depth) : leaf(plan, name);
      plan.order.add(name);
      plan.rules.put(name, child.restart());
      children.add(child);
    }
    return SupervisorSpec.of(plan.strategy, children).intensity(plan.intensity, period);
  }

  private ChildSpec branch(Plan plan, String name, int depth) {
    SupervisorSpec inner = tree(depth - 1);
    return ChildSpec.of(
            name, parent -> watch(plan, name, parent, () -> Supervisor.startLink(parent, inner)))
        .supervisor();
  }

  private ChildSpec leaf(Plan plan, String name) {
    boolean trap = random.nextBoolean();
    boolean late = random.nextInt(4) == 0;
    // one that never ends of itself outlives a killed supervisor, in OTP too
    boolean stubborn = trap && !killsSupervisors && random.nextInt(8) == 0;
    return ChildSpec.of(
            name,
            parent ->
                watch(
                    plan,
                    name,
                    parent,
                    () -> GenServer.startLink(parent, new Leaf(trap, late, stubborn))))
        .restart(one(Restart.values()))
        .shutdown(
            random.nextInt(3) == 0 ? Shutdown.brutal() : Shutdown.within(Duration.ofMillis(10)));
  }

  private final class Leaf implements GenServer<String, String> {
    private final boolean trap;
    private final boolean late;
    private final boolean stubborn;

    private Leaf(boolean trap, boolean late, boolean stubborn) {
      this.trap = trap;
      this.late = late;
      this.stubborn = stubborn;
    }

    @Override
    public InitResult<String> init(ServerSelf<String> self) {
      self.trapExit(trap);
      members.add(self.pid());
      if (random.nextInt(20) == 0) {
        return InitResult.stop(ExitReason.of("no luck"));
      }
      if (!late) {
        return InitResult.ok("up");
      }
      CompletableFuture<InitResult<String>> decision = new CompletableFuture<>();
      scheduler.schedule(
          random.nextInt(1000) * 1000L, () -> decision.complete(InitResult.ok("up")));
      return InitResult.later(decision);
    }

    @Override
    public Next<String> handleInfo(Info info, String state) {
      throw new IllegalStateException("crash");
    }

    @Override
    public CompletionStage<?> prepareToStop(ExitReason reason, String state) {
      return stubborn ? new CompletableFuture<String>() : null;
    }
  }

  // ---- what is watched -------------------------------------------------------------------------

  @FunctionalInterface
  private interface Start {
    CompletionStage<? extends StartResult<?>> begin();
  }

  private CompletionStage<? extends StartResult<?>> watch(
      Plan plan, String name, Self<?> parent, Start start) {
    Brood brood = broods.computeIfAbsent(parent.pid(), pid -> new Brood(plan, pid));
    int index = plan.order.indexOf(name);
    check(!brood.alive.containsKey(name), name + " is started while it runs");
    boolean renews = plan.strategy != Strategy.ONE_FOR_ONE || !brood.starts.containsKey(name);
    check(!renews || !brood.livesAfter(name), name + " is started after one that follows it");
    if (!brood.starts.containsKey(name)) {
      check(index > brood.furthest, name + " is started out of order");
      brood.furthest = index;
    }
    int starts = brood.starts.merge(name, 1, Integer::sum);
    int again =
        plan.strategy == Strategy.ONE_FOR_ONE
            ? brood.starts.values().stream().mapToInt(n -> n - 1).sum()
            : starts - 1;
    check(again <= brood.restartsInAll, name + " is restarted without being counted");
    return start
        .begin()
        .thenApply(
            result -> {
              if (result instanceof StartResult.Started<?>(Pid<?> pid)
                  && node.own(pid, (owner, reason) -> ended(brood, name, owner, reason))) {
                brood.alive.put(name, pid);
                if (killsSupervisors && !members.contains(pid)) {
                  members.add(pid);
                }
              }
              return result;
            });
  }

  private void ended(Brood brood, String name, Pid<?> pid, ExitReason reason) {
    brood.alive.remove(name, pid);
    boolean stopped =
        (reason.equals(ExitReason.SHUTDOWN) && !gaveUp.contains(pid))
            || (reason.equals(ExitReason.KILLED) && !killed.contains(pid));
    if (stopped && brood.supervisor.isAlive()) {
      check(!brood.livesAfter(name), name + " is stopped before one that follows it");
    }
  }

  private void report(Event event) {
    Pid<?> supervisor = (Pid<?>) event.metadata().get("supervisor");
    Brood brood = broods.get(supervisor);
    boolean again = event.name().endsWith(".restart");
    if (brood == null || !(again || event.name().endsWith(".restart_limit"))) {
      return;
    }
    long now = scheduler.nanoTime();
    brood.restarts.removeIf(then -> now - then > brood.plan.periodNanos);
    if (again) {
      brood.restarts.add(now);
      brood.restartsInAll++;
      check(brood.restarts.size() <= brood.plan.intensity, supervisor + " restarts too often");
    } else {
      gaveUp.add(supervisor);
      check(brood.restarts.size() == brood.plan.intensity, supervisor + " gave up too early");
    }
  }

  /// At rest: nobody lives without a supervisor.
  private void checkNoOrphans() {
    for (Brood brood : broods.values()) {
      if (!brood.supervisor.isAlive()) {
        check(brood.alive.isEmpty(), "orphans of " + brood.supervisor + ": " + brood.alive);
      }
    }
  }

  /// At rest, late starts included: every supervisor has what it must have.
  private void checkWhole() {
    for (Brood brood : broods.values()) {
      if (brood.supervisor.isAlive()) {
        brood.plan.rules.forEach(
            (name, rule) ->
                check(
                    rule != Restart.PERMANENT || brood.alive.containsKey(name),
                    "permanent child " + name + " does not run"));
      }
    }
  }

  // ---- what happens to it ----------------------------------------------------------------------

  private void hurt() {
    if (members.isEmpty()) {
      return;
    }
    Pid<?> victim = members.get(random.nextInt(members.size()));
    switch (random.nextInt(4)) {
      case 0 -> {
        killed.add(victim);
        node.exit(victim, ExitReason.KILL);
      }
      case 1 -> node.exit(victim, ExitReason.of("boom"));
      case 2 -> node.exit(victim, ASKED);
      default -> crash(victim);
    }
  }

  @SuppressWarnings("unchecked")
  private static void crash(Pid<?> victim) {
    ((Pid<Object>) victim).send("crash");
  }

  private void rest() {
    scheduler.runUntilIdle();
    checkNoOrphans();
    verdict();
  }

  private void verdict() {
    if (broken != null) {
      throw new AssertionError(broken);
    }
  }

  void live() {
    var start = Supervisor.start(node, tree(3)).toCompletableFuture();
    for (int i = 0; i < 60; i++) {
      hurt();
      for (int steps = random.nextInt(20); steps > 0; steps--) {
        scheduler.step();
      }
      if (random.nextInt(3) == 0) {
        scheduler.advance(Duration.ofMillis(random.nextInt(2000)));
        rest();
      }
    }
    scheduler.advance(Duration.ofSeconds(30));
    rest();
    checkWhole();
    check(start.isDone(), "the start has no outcome");
    verdict();
    if (start.join() instanceof StartResult.Started<Supervisor.Command> up && up.pid().isAlive()) {
      var end =
          GenServer.stop(up.pid(), ExitReason.SHUTDOWN, Duration.ofHours(1)).toCompletableFuture();
      scheduler.advance(Duration.ofSeconds(30));
      check(end.isDone() && !end.isCompletedExceptionally(), "the tree did not stop in order");
    }
    check(node.processCount() == 0, "orphans: " + node.processes().toList());
    rest();
  }
}
