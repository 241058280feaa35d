package dev.athanor.otp.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.otp.testing.Probe;
import dev.athanor.otp.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PoolTest {
  private DeterministicScheduler scheduler = new DeterministicScheduler(1);
  private Node node = Node.on(scheduler);

  private Pid<Pool.Message> pool(int size, int overflow, int queue) {
    Behavior<Object> idle = (self, message) -> {};
    return scheduler
        .await(GenServer.start(node, new Pool<>(size, overflow, queue, () -> idle)))
        .orThrow();
  }

  private Pid<?> client() {
    return Probe.on(node).pid();
  }

  private CompletableFuture<Pool.Lease> checkout(Pid<Pool.Message> pool, Pid<?> client) {
    var lease = GenServer.call(pool, new Pool.Checkout(client)).toCompletableFuture();
    scheduler.runUntilIdle();
    return lease;
  }

  private static Pid<?> worker(CompletableFuture<Pool.Lease> lease) {
    return ((Pool.Lent) lease.join()).worker();
  }

  private void checkin(Pid<Pool.Message> pool, Pid<?> worker) {
    GenServer.cast(pool, new Pool.Checkin(worker));
    scheduler.runUntilIdle();
  }

  @Test
  void checkout_crowded_overflowThenQueueThenRefusal() {
    var pool = pool(1, 1, 1);
    var first = checkout(pool, client());
    var second = checkout(pool, client());
    var third = checkout(pool, client());
    var fourth = checkout(pool, client());
    assertThat(worker(first)).isNotEqualTo(worker(second));
    assertThat(third).isNotDone();
    assertThat(fourth).isCompletedWithValue(new Pool.Full());
    checkin(pool, worker(second));
    assertThat(worker(third)).isEqualTo(worker(second));
  }

  @Test
  void checkout_whoWaitedGaveUp_leavesItsPlaceInTheQueue() {
    var pool = pool(1, 0, 1);
    var first = checkout(pool, client());
    var impatient =
        GenServer.call(pool, new Pool.Checkout(client()), Duration.ofMillis(10))
            .toCompletableFuture();
    scheduler.advance(Duration.ofMillis(20));
    assertThat(impatient).isCompletedExceptionally();
    var next = checkout(pool, client());
    assertThat(next).isNotDone();
    checkin(pool, worker(first));
    assertThat(worker(next)).isEqualTo(worker(first));
  }

  @Test
  void checkin_nobodyWaits_overflowWorkerIsStopped() {
    var pool = pool(1, 1, 1);
    Pid<?> regular = worker(checkout(pool, client()));
    Pid<?> extra = worker(checkout(pool, client()));
    checkin(pool, extra);
    assertThat(extra.isAlive()).isFalse();
    assertThat(regular.isAlive()).isTrue();
  }

  @Test
  void client_endsWithoutGivingBack_workerIsReplacedAndTheNextIsServed() {
    var pool = pool(1, 0, 1);
    Pid<?> careless = client();
    Pid<?> worker = worker(checkout(pool, careless));
    var next = checkout(pool, client());
    node.exit(careless, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(worker.isAlive()).isFalse();
    assertThat(worker(next).isAlive()).isTrue();
  }

  @Test
  void pool_ends_workersEndWithIt() {
    var pool = pool(3, 0, 0);
    assertThat(node.processCount()).isEqualTo(4);
    node.exit(pool, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(node.processCount()).isZero();
  }

  @Test
  void pool_randomClientsAndDeaths_neverLendsAWorkerTwiceAndEndsWhole() {
    Seeds.times(
        200,
        seed -> {
          scheduler = new DeterministicScheduler(seed);
          node = Node.on(scheduler);
          var random = scheduler.random();
          var pool = pool(2, 1, 100);
          List<Pid<?>> clients = new ArrayList<>();
          List<CompletableFuture<Pool.Lease>> leases = new ArrayList<>();
          for (int i = 0; i < 30; i++) {
            clients.add(client());
            leases.add(
                GenServer.call(pool, new Pool.Checkout(clients.getLast())).toCompletableFuture());
            for (int steps = random.nextInt(6); steps > 0; steps--) {
              scheduler.step();
            }
            node.exit(clients.get(random.nextInt(clients.size())), ExitReason.KILL);
            List<Pid<?>> held = new ArrayList<>();
            for (int j = 0; j < leases.size(); j++) {
              if (leases.get(j).isDone() && clients.get(j).isAlive()) {
                held.add(worker(leases.get(j)));
              }
            }
            assertThat(new HashSet<>(held)).hasSameSizeAs(held);
          }
          clients.forEach(client -> node.exit(client, ExitReason.KILL));
          scheduler.runUntilIdle();
          assertThat(node.processCount()).isEqualTo(3);
        });
  }
}
