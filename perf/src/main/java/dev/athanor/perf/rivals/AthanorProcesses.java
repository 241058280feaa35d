package dev.athanor.perf.rivals;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.SpawnOptions;
import dev.athanor.otp.registry.Registry;
import dev.athanor.perf.process.Loops;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Plain processes on two event loops.
final class AthanorProcesses {
  private static final int MILLION = 1_000_000;
  private static final int BURST = 256;

  private AthanorProcesses() {}

  private sealed interface Message {}

  private record Last(CountDownLatch done) implements Message {}

  private enum Tick implements Message {
    TICK
  }

  private record Flood(Pid<Message> target, int left, CountDownLatch done) implements Message {}

  private record Ball(Pid<Message> from, int left, CountDownLatch done) implements Message {}

  private record Crowd(int count, Lane lane, CountDownLatch done) implements Message {}

  /// Answers [Last] by counting it down; takes everything else.
  private static final class Sink implements Behavior<Message> {
    @Override
    public void onMessage(Self<Message> self, Message message) {
      if (message instanceof Last last) {
        last.done().countDown();
      }
    }
  }

  static void memory() throws Exception {
    Loops loops = new Loops();
    Node node = loops.node();
    long before = Rounds.heap();
    List<Pid<Message>> kept = crowd(node, MILLION);
    Rounds.print("memory_plain", (Rounds.heap() - before) / (double) MILLION - 4);
    answer(kept);
  }

  /// How many processes live in the heap of this machine and still answer; stops at `most`.
  static void alive(int most) throws Exception {
    Loops loops = new Loops();
    List<Pid<Message>> kept = crowd(loops.node(), most);
    answer(kept);
    Rounds.print("alive", kept.size() / 1e6);
  }

  /// The list costs 4 bytes a process.
  private static List<Pid<Message>> crowd(Node node, int count) {
    List<Pid<Message>> kept = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      kept.add(node.spawn(new Sink()));
    }
    return kept;
  }

  private static void answer(List<Pid<Message>> all) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(all.size());
    all.forEach(pid -> pid.send(new Last(done)));
    Rounds.await(done);
  }

  // ---- spawn ---------------------------------------------------------------------------------

  private static final class Spawner implements Behavior<Message> {
    @Override
    public void onMessage(Self<Message> self, Message message) {
      if (message instanceof Crowd crowd) {
        SpawnOptions here = SpawnOptions.on(crowd.lane());
        Pid<Message> last = self.pid();
        for (int i = 0; i < crowd.count(); i++) {
          last = self.node().spawn(new Sink(), here);
        }
        last.send(new Last(crowd.done()));
      }
    }
  }

  /// Two processes spawn half a million each; over when the last of each answers.
  static void spawn() throws Exception {
    Loops loops = new Loops();
    Lane[] lanes = {loops.nextLane(), loops.nextLane()};
    double best = 0;
    double[] rates = new double[7];
    for (int round = 0; round < rates.length + 4; round++) {
      Node node = Node.on(loops.node().scheduler());
      CountDownLatch done = new CountDownLatch(2);
      List<Pid<Message>> spawners = new ArrayList<>();
      for (Lane lane : lanes) {
        spawners.add(node.spawn(new Spawner(), SpawnOptions.on(lane)));
      }
      System.gc();
      long start = System.nanoTime();
      for (int i = 0; i < 2; i++) {
        spawners.get(i).send(new Crowd(MILLION / 2, lanes[i], done));
      }
      Rounds.await(done);
      best = MILLION * 1e3 / (System.nanoTime() - start);
      if (round >= 4) {
        rates[round - 4] = best;
      }
    }
    java.util.Arrays.sort(rates);
    Rounds.print("spawn", rates[rates.length / 2]);
  }

  // ---- send ----------------------------------------------------------------------------------

  /// Sends in bursts, and lets others on its loop have their turn between them.
  private static final class Sender implements Behavior<Message> {
    @Override
    public void onMessage(Self<Message> self, Message message) {
      if (message instanceof Flood flood) {
        int burst = Math.min(BURST, flood.left());
        for (int i = 1; i < burst; i++) {
          flood.target().send(Tick.TICK);
        }
        if (burst == flood.left()) {
          flood.target().send(new Last(flood.done()));
        } else {
          flood.target().send(Tick.TICK);
          self.pid().send(new Flood(flood.target(), flood.left() - burst, flood.done()));
        }
      }
    }
  }

  static void send() throws Exception {
    Loops loops = new Loops();
    Node node = loops.node();
    Lane left = loops.nextLane();
    Lane right = loops.nextLane();
    Pid<Message> sink = node.spawn(new Sink(), SpawnOptions.on(right));
    for (int senders : new int[] {1, 8}) {
      List<Pid<Message>> all = new ArrayList<>();
      for (int i = 0; i < senders; i++) {
        all.add(node.spawn(new Sender(), SpawnOptions.on(i % 2 == 0 ? left : right)));
      }
      int each = 4 * MILLION / senders;
      Rounds.rate(
          "send_" + senders,
          (long) each * senders,
          () -> {
            CountDownLatch done = new CountDownLatch(senders);
            all.forEach(sender -> sender.send(new Flood(sink, each, done)));
            Rounds.await(done);
          });
    }
  }

  // ---- ping-pong -----------------------------------------------------------------------------

  private static final class Player implements Behavior<Message> {
    private final Pid<Message> peer;

    Player(Pid<Message> peer) {
      this.peer = peer;
    }

    @Override
    public void onMessage(Self<Message> self, Message message) {
      if (message instanceof Ball ball) {
        if (ball.left() == 0) {
          ball.done().countDown();
        } else {
          peer.send(new Ball(self.pid(), ball.left() - 1, ball.done()));
        }
      }
    }
  }

  private static final class Wall implements Behavior<Message> {
    @Override
    public void onMessage(Self<Message> self, Message message) {
      if (message instanceof Ball ball) {
        ball.from().send(ball);
      }
    }
  }

  static void pingPong() throws Exception {
    Loops loops = new Loops();
    Node node = loops.node();
    Lane left = loops.nextLane();
    Lane right = loops.nextLane();
    pingPong(node, "pingpong_1", List.of(left), List.of(left), 1, MILLION);
    pingPong(node, "pingpong_100", List.of(left, right), List.of(left, right), 100, 20_000);
    pingPong(node, "pingpong_apart", List.of(left), List.of(right), 1, MILLION / 10);
  }

  private static void pingPong(
      Node node, String name, List<Lane> from, List<Lane> to, int pairs, int trips)
      throws Exception {
    List<Pid<Message>> players = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      // every second pair is on two loops, where there are two
      int other = (i / 2 + i) % to.size();
      Pid<Message> wall = node.spawn(new Wall(), SpawnOptions.on(to.get(other)));
      players.add(node.spawn(new Player(wall), SpawnOptions.on(from.get(i % from.size()))));
    }
    Rounds.rate(
        name,
        (long) pairs * trips,
        () -> {
          CountDownLatch done = new CountDownLatch(pairs);
          players.forEach(player -> player.send(new Ball(player, trips, done)));
          Rounds.await(done);
        });
  }

  // ---- fairness ------------------------------------------------------------------------------

  /// Eight processes with a thousand messages each, whose handlers take 10 microseconds; two
  /// others, one on either loop, pass a message to and fro.
  static void fairness() throws Exception {
    Loops loops = new Loops();
    Node node = loops.node();
    Lane left = loops.nextLane();
    Lane right = loops.nextLane();
    for (int i = 0; i < 8; i++) {
      Pid<Message> busy =
          node.spawn(
              (self, message) -> {
                Rounds.spin(10_000);
                self.pid().send(message);
              },
              SpawnOptions.on(i % 2 == 0 ? left : right));
      for (int m = 0; m < 1_000; m++) {
        busy.send(Tick.TICK);
      }
    }
    Pid<Message> light = node.spawn(new Wall(), SpawnOptions.on(right));
    long[] nanos = new long[2_000];
    CountDownLatch done = new CountDownLatch(1);
    Pid<Message> asker =
        node.spawn(
            new Behavior<>() {
              private int at = -200;
              private long asked = System.nanoTime();

              @Override
              public void onMessage(Self<Message> self, Message message) {
                long now = System.nanoTime();
                if (at >= 0) {
                  nanos[at] = now - asked;
                }
                at++;
                if (at == nanos.length) {
                  done.countDown();
                } else {
                  asked = now;
                  light.send(new Ball(self.pid(), 0, done));
                }
              }
            },
            SpawnOptions.on(left));
    asker.send(Tick.TICK);
    Rounds.await(done);
    Rounds.percentiles("fairness", nanos);
  }

  // ---- one to all ----------------------------------------------------------------------------

  /// A message to 100,000 subscribers of one key of a registry, until the last has it.
  static void fanOut() throws Exception {
    Loops loops = new Loops();
    Node node = loops.node();
    int subscribers = 100_000;
    AtomicInteger missing = new AtomicInteger();
    Registry<String, Pid<CountDownLatch>> registry =
        Registry.<String, Pid<CountDownLatch>>duplicate("topic").create(node);
    for (int i = 0; i < subscribers; i++) {
      Pid<CountDownLatch> pid =
          node.spawn(
              (self, done) -> {
                if (missing.decrementAndGet() == 0) {
                  done.countDown();
                }
              });
      registry.register(pid, "news", pid);
    }
    double nanos =
        Rounds.median(
            () -> {
              missing.set(subscribers);
              CountDownLatch done = new CountDownLatch(1);
              registry.dispatch("news", (any, pid) -> pid.send(done));
              Rounds.await(done);
            });
    Rounds.print("fanout", nanos / 1e6);
  }
}
