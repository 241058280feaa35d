package dev.athanor.perf.rivals;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Runs one case on Apache Pekko typed: `Pekko CASE`. The dispatcher is the default one with
/// as many threads as cores; logging is off.
final class Pekko {
  private static final int MILLION = 1_000_000;
  private static final int BURST = 256;
  private static final int CALLS = 50_000;

  private static final Config CONFIG =
      ConfigFactory.parseString(
              """
              pekko.loglevel = OFF
              pekko.stdout-loglevel = OFF
              pekko.loggers = []
              pekko.log-dead-letters = off
              pekko.use-slf4j = off
              pekko.actor.default-dispatcher.fork-join-executor.parallelism-min = 2
              pekko.actor.default-dispatcher.fork-join-executor.parallelism-max = 2
              """)
          .withFallback(ConfigFactory.load());

  private final ActorSystem<Message> system =
      ActorSystem.create(Behaviors.setup(Pekko::guardian), "rivals", CONFIG);

  private sealed interface Message {}

  /// The guardian spawns what it is told to; an actor spawns within its own turns only.
  private record Spawn(
      int count, Behavior<Message> behavior, List<ActorRef<Message>> into, CountDownLatch done)
      implements Message {}

  private record Last(CountDownLatch done) implements Message {}

  private enum Tick implements Message {
    TICK
  }

  private record Flood(ActorRef<Message> target, int left, CountDownLatch done)
      implements Message {}

  private record Ball(ActorRef<Message> from, int left, CountDownLatch done) implements Message {}

  private record Add(int number, ActorRef<Long> replyTo) implements Message {}

  private record Work(ActorRef<Message> server, int calls, CountDownLatch done)
      implements Message {}

  private static Behavior<Message> guardian(ActorContext<Message> context) {
    return Behaviors.receiveMessage(
        message -> {
          if (message instanceof Spawn order) {
            for (int i = 0; i < order.count(); i++) {
              order.into().add(context.spawnAnonymous(order.behavior()));
            }
            order.done().countDown();
          }
          return Behaviors.same();
        });
  }

  /// Runs the case and prints its values.
  ///
  /// @param args the name of the case
  /// @throws Exception if it fails
  public static void main(String[] args) throws Exception {
    Pekko pekko = new Pekko();
    switch (args[0]) {
      case "memory" -> pekko.memory("memory_plain", sink());
      case "server_memory" -> pekko.memory("server_memory", supervised());
      case "spawn" -> spawn("spawn", sink());
      case "start" -> spawn("start", supervised());
      case "send" -> pekko.send();
      case "pingpong" -> pekko.pingPong();
      case "call" -> pekko.call();
      case "restart" -> pekko.restart("restart", 1);
      case "dynamic" -> pekko.restart("dynamic", 10_000);
      case "fairness" -> pekko.fairness();
      case "fanout" -> pekko.fanOut();
      default -> Rounds.print("none", 0);
    }
    System.exit(0);
  }

  private static Behavior<Message> sink() {
    return Behaviors.receiveMessage(
        message -> {
          if (message instanceof Last last) {
            last.done().countDown();
          }
          return Behaviors.same();
        });
  }

  /// Restarts when it fails, and keeps a number.
  private static Behavior<Message> supervised() {
    return Behaviors.supervise(keeper(0)).onFailure(SupervisorStrategy.restart());
  }

  private static Behavior<Message> keeper(long sum) {
    return Behaviors.receiveMessage(
        message ->
            switch (message) {
              case Add add -> {
                add.replyTo().tell(sum + add.number());
                yield keeper(sum + add.number());
              }
              case Last last -> {
                last.done().countDown();
                yield Behaviors.same();
              }
              case Spawn _, Tick _, Flood _, Ball _, Work _ -> Behaviors.same();
            });
  }

  private List<ActorRef<Message>> spawned(Behavior<Message> behavior, int count)
      throws InterruptedException {
    List<ActorRef<Message>> actors = new ArrayList<>(count);
    CountDownLatch done = new CountDownLatch(1);
    system.tell(new Spawn(count, behavior, actors, done));
    Rounds.await(done);
    return actors;
  }

  private void memory(String name, Behavior<Message> behavior) throws InterruptedException {
    answer(spawned(behavior, 1_000));
    long before = Rounds.heap();
    List<ActorRef<Message>> actors = spawned(behavior, MILLION);
    answer(actors);
    Rounds.print(name, (Rounds.heap() - before) / (double) MILLION - 4);
    answer(actors);
  }

  private static void answer(List<ActorRef<Message>> actors) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(actors.size());
    actors.forEach(actor -> actor.tell(new Last(done)));
    Rounds.await(done);
  }

  /// Two actors spawn 100,000 each, in a new system every round; over when the last of each
  /// answers.
  private static void spawn(String name, Behavior<Message> behavior) throws Exception {
    int count = 200_000;
    double[] rates = new double[3];
    for (int round = 0; round < rates.length + 2; round++) {
      Pekko fresh = new Pekko();
      Behavior<Message> spawner = Behaviors.setup(Pekko::guardian);
      List<ActorRef<Message>> spawners = fresh.spawned(spawner, 2);
      System.gc();
      long start = System.nanoTime();
      CountDownLatch done = new CountDownLatch(2);
      List<List<ActorRef<Message>>> actors = new ArrayList<>();
      for (ActorRef<Message> each : spawners) {
        List<ActorRef<Message>> into = new ArrayList<>(count / 2);
        actors.add(into);
        each.tell(new Spawn(count / 2, behavior, into, done));
      }
      Rounds.await(done);
      CountDownLatch alive = new CountDownLatch(2);
      actors.forEach(all -> all.getLast().tell(new Last(alive)));
      Rounds.await(alive);
      if (round >= 2) {
        rates[round - 2] = count * 1e3 / (System.nanoTime() - start);
      }
    }
    Arrays.sort(rates);
    Rounds.print(name, rates[rates.length / 2]);
  }

  private void send() throws Exception {
    ActorRef<Message> sink = spawned(sink(), 1).getFirst();
    Behavior<Message> sender =
        Behaviors.receive(
            (context, message) -> {
              if (message instanceof Flood flood) {
                int burst = Math.min(BURST, flood.left());
                for (int i = 1; i < burst; i++) {
                  flood.target().tell(Tick.TICK);
                }
                if (burst == flood.left()) {
                  flood.target().tell(new Last(flood.done()));
                } else {
                  flood.target().tell(Tick.TICK);
                  context
                      .getSelf()
                      .tell(new Flood(flood.target(), flood.left() - burst, flood.done()));
                }
              }
              return Behaviors.same();
            });
    for (int senders : new int[] {1, 8}) {
      List<ActorRef<Message>> all = spawned(sender, senders);
      int each = MILLION / senders;
      Rounds.rate(
          "send_" + senders,
          (long) each * senders,
          () -> {
            CountDownLatch done = new CountDownLatch(senders);
            all.forEach(actor -> actor.tell(new Flood(sink, each, done)));
            Rounds.await(done);
          });
    }
  }

  private static Behavior<Message> wall() {
    return Behaviors.receiveMessage(
        message -> {
          if (message instanceof Ball ball) {
            ball.from().tell(ball);
          }
          return Behaviors.same();
        });
  }

  private void pingPong() throws Exception {
    for (int pairs : new int[] {1, 100}) {
      int trips = 200_000 / pairs;
      List<ActorRef<Message>> players = new ArrayList<>();
      for (ActorRef<Message> wall : spawned(wall(), pairs)) {
        Behavior<Message> player =
            Behaviors.receive(
                (context, message) -> {
                  if (message instanceof Ball ball) {
                    if (ball.left() == 0) {
                      ball.done().countDown();
                    } else {
                      wall.tell(new Ball(context.getSelf(), ball.left() - 1, ball.done()));
                    }
                  }
                  return Behaviors.same();
                });
        players.addAll(spawned(player, 1));
      }
      Rounds.rate(
          "pingpong_" + pairs,
          (long) pairs * trips,
          () -> {
            CountDownLatch done = new CountDownLatch(pairs);
            players.forEach(player -> player.tell(new Ball(player, trips, done)));
            Rounds.await(done);
          });
    }
  }

  private void call() throws Exception {
    Duration timeout = Duration.ofSeconds(5);
    Behavior<Message> caller =
        Behaviors.receive(
            (context, message) -> {
              if (message instanceof Work work) {
                AskPattern.<Message, Long>ask(
                        work.server(),
                        replyTo -> new Add(1, replyTo),
                        timeout,
                        context.getSystem().scheduler())
                    .thenAccept(
                        sum -> {
                          if (work.calls() > 1) {
                            context
                                .getSelf()
                                .tell(new Work(work.server(), work.calls() - 1, work.done()));
                          } else {
                            work.done().countDown();
                          }
                        });
              }
              return Behaviors.same();
            });
    List<ActorRef<Message>> callers = spawned(caller, 100);
    List<ActorRef<Message>> servers = spawned(supervised(), 100);
    calls("call_1_1", callers, 1, i -> servers.get(0));
    calls("call_100_1", callers, 100, i -> servers.get(0));
    calls("call_100_100", callers, 100, servers::get);
  }

  private static void calls(
      String name,
      List<ActorRef<Message>> callers,
      int count,
      IntFunction<ActorRef<Message>> server)
      throws Exception {
    Rounds.rate(
        name,
        CALLS,
        () -> {
          CountDownLatch done = new CountDownLatch(count);
          for (int i = 0; i < count; i++) {
            callers.get(i).tell(new Work(server.apply(i), CALLS / count, done));
          }
          Rounds.await(done);
        });
  }

  /// Pekko restarts in place: from the message that makes an actor fail to its behavior anew.
  private void restart(String name, int actors) throws Exception {
    long[] nanos = new long[10_000];
    int warmUp = 20_000;
    CountDownLatch done = new CountDownLatch(1);
    long[] struck = new long[1];
    int[] at = new int[1];
    List<ActorRef<Message>> victims = new ArrayList<>();
    Behavior<Message> killer =
        Behaviors.receiveMessage(
            message -> {
              if (at[0] > warmUp) {
                nanos[at[0] - warmUp - 1] = System.nanoTime() - struck[0];
              }
              if (at[0] == warmUp + nanos.length) {
                done.countDown();
                return Behaviors.same();
              }
              at[0]++;
              struck[0] = System.nanoTime();
              victims.get(at[0] * 7919 % actors).tell(Tick.TICK);
              return Behaviors.same();
            });
    ActorRef<Message> striker = spawned(killer, 1).getFirst();
    AtomicInteger ups = new AtomicInteger();
    Behavior<Message> victim =
        Behaviors.supervise(
                Behaviors.<Message>setup(
                    context -> {
                      if (ups.incrementAndGet() > actors) {
                        striker.tell(Tick.TICK);
                      }
                      return Behaviors.receiveMessage(
                          message -> {
                            throw new IllegalStateException("struck");
                          });
                    }))
            .onFailure(SupervisorStrategy.restart().withLoggingEnabled(false));
    victims.addAll(spawned(victim, actors));
    while (ups.get() < actors) {
      Thread.onSpinWait();
    }
    striker.tell(Tick.TICK);
    Rounds.await(done);
    Rounds.percentiles(name, nanos);
  }

  private void fairness() throws Exception {
    Behavior<Message> busy =
        Behaviors.receive(
            (context, message) -> {
              Rounds.spin(10_000);
              context.getSelf().tell(message);
              return Behaviors.same();
            });
    for (ActorRef<Message> each : spawned(busy, 8)) {
      for (int m = 0; m < 1_000; m++) {
        each.tell(Tick.TICK);
      }
    }
    CountDownLatch done = new CountDownLatch(1);
    long[] nanos = new long[500];
    long[] asked = new long[1];
    int[] at = {-50};
    List<ActorRef<Message>> light = spawned(wall(), 1);
    Behavior<Message> asker =
        Behaviors.receive(
            (context, message) -> {
              long now = System.nanoTime();
              if (at[0] >= 0) {
                nanos[at[0]] = now - asked[0];
              }
              at[0]++;
              if (at[0] == nanos.length) {
                done.countDown();
              } else {
                asked[0] = now;
                light.getFirst().tell(new Ball(context.getSelf(), 0, done));
              }
              return Behaviors.same();
            });
    spawned(asker, 1).getFirst().tell(Tick.TICK);
    Rounds.await(done);
    Rounds.percentiles("fairness", nanos);
  }

  /// 100,000 actors in a list, one message to each.
  private void fanOut() throws Exception {
    int subscribers = 100_000;
    AtomicInteger missing = new AtomicInteger();
    Behavior<Message> subscriber =
        Behaviors.receiveMessage(
            message -> {
              if (message instanceof Last last && missing.decrementAndGet() == 0) {
                last.done().countDown();
              }
              return Behaviors.same();
            });
    List<ActorRef<Message>> all = spawned(subscriber, subscribers);
    double nanos =
        Rounds.median(
            () -> {
              missing.set(subscribers);
              CountDownLatch done = new CountDownLatch(1);
              Last news = new Last(done);
              all.forEach(actor -> actor.tell(news));
              Rounds.await(done);
            });
    Rounds.print("fanout", nanos / 1e6);
  }
}
