package dev.athanor.otp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Signal;
import dev.athanor.otp.server.CallTimeout;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.ServerSelf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private static final Duration SHORT = Duration.ofMillis(10);

  record Echo(int number) implements Request<Integer> {}

  private final DeterministicScheduler scheduler = new DeterministicScheduler(11);
  private final Faults faults = new Faults(scheduler);
  private final Node node = Node.builder(scheduler).wire(faults).build();
  private final Probe<Object> a = Probe.on(node);
  private final Probe<Object> b = Probe.on(node);
  private final Probe<Object> c = Probe.on(node);

  private void send(Probe<Object> from, Probe<Object> to, Object message) {
    scheduler.await(
        from.run(
            self -> {
              to.pid().send(message);
              return true;
            }));
  }

  @Test
  void drop_betweenTwo_thoseAreLostAndNoOthers() {
    Faults.Fault fault = faults.drop(Who.pid(a.pid()), Who.pid(b.pid()));
    send(a, b, 1);
    send(b, a, 2);
    send(c, b, 3);
    b.pid().send(4);
    fault.heal();
    send(a, b, 5);
    scheduler.runUntilIdle();
    assertThat(b.received()).containsExactlyInAnyOrder(3, 4, 5);
    assertThat(a.received()).containsExactly(2);
    assertThat(faults.lost()).isEqualTo(1);
  }

  @Test
  void drop_conditionAndTimes_onlyThose() {
    faults.drop(Who.anybody(), Who.pid(b.pid())).when(Integer.valueOf(1)::equals).times(1);
    send(a, b, 1);
    send(a, b, 1);
    send(a, b, 2);
    scheduler.runUntilIdle();
    assertThat(b.received()).containsExactly(1, 2);
  }

  @Test
  void drop_signals_neverLost() {
    faults.drop(Who.anybody(), Who.anybody()).when(message -> message instanceof Integer);
    scheduler.await(a.run(self -> self.monitor(b.pid())));
    scheduler.await(
        c.run(
            self -> {
              self.link(b.pid());
              return true;
            }));
    node.exit(b.pid(), ExitReason.KILL);
    assertThat(a.expectDown(b.pid())).isEqualTo(ExitReason.KILLED);
    assertThat(c.expectExit(b.pid())).isEqualTo(ExitReason.KILLED);
  }

  @Test
  void delay_thenHealed_lateAndStillInOrder() {
    Faults.Fault fault = faults.delay(Who.pid(a.pid()), Who.pid(b.pid()), SHORT);
    send(a, b, 1);
    fault.heal();
    send(a, b, 2);
    send(c, b, 3);
    scheduler.runUntilIdle();
    assertThat(b.received()).containsExactly(3);
    scheduler.advance(SHORT);
    assertThat(b.received()).containsExactly(1, 2);
    send(a, b, 4);
    scheduler.runUntilIdle();
    assertThat(b.received()).containsExactly(4);
    assertThat(faults.late()).isEqualTo(2);
  }

  @Test
  void delay_exitSignal_arrivesLate() {
    scheduler.await(a.run(self -> self.monitor(b.pid())));
    faults.delay(Who.pid(b.pid()), Who.pid(a.pid()), SHORT);
    node.exit(b.pid(), ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(a.received()).isEmpty();
    assertThat(a.expectDown(b.pid())).isEqualTo(ExitReason.KILLED);
    assertThat(scheduler.nanoTime()).isEqualTo(SHORT.toNanos());
  }

  @Test
  void delay_receiverDiesMeanwhile_linkIsAnsweredAllTheSame() {
    faults.delay(Who.pid(a.pid()), Who.pid(b.pid()), SHORT);
    scheduler.await(
        a.run(
            self -> {
              self.link(b.pid());
              return true;
            }));
    node.exit(b.pid(), ExitReason.KILL);
    scheduler.advance(SHORT);
    assertThat(a.received()).containsExactly(new Signal.Exit(b.pid(), ExitReason.NO_PROCESS));
  }

  @Test
  void dropAndKill_callsOfAServer_byWhatIsCalled() {
    Pid<Echo> server =
        scheduler
            .await(
                GenServer.start(
                    node,
                    new GenServer<Echo, String>() {
                      @Override
                      public InitResult<String> init(ServerSelf<Echo> self) {
                        return InitResult.ok("up");
                      }

                      @Override
                      public Next<String> handleCall(Echo request, From<?> from, String state) {
                        return Next.reply(request, request.number(), state);
                      }
                    },
                    ServerOptions.named("echo")))
            .orThrow();
    faults.drop(Who.outside(), Who.named("echo")).when(new Echo(1)::equals);
    faults.killOnMessage(Who.anybody(), Who.named("echo")).when(new Echo(9)::equals);
    assertThat(scheduler.await(GenServer.call(server, new Echo(2)))).isEqualTo(2);
    assertThatThrownBy(() -> scheduler.await(GenServer.call(server, new Echo(1))))
        .isInstanceOf(CallTimeout.class);
    var unused = GenServer.call(server, new Echo(9));
    scheduler.runUntilIdle();
    assertThat(server.isAlive()).isFalse();
    assertThat(unused).isNotNull();
  }

  @Test
  void kill_byName_thatOne() {
    node.register("b", b.pid());
    assertThat(faults.kill(node, Who.named("b"))).isEqualTo(1);
    assertThat(faults.kill(node, Who.named("nobody"))).isZero();
    scheduler.runUntilIdle();
    assertThat(b.pid().isAlive()).isFalse();
    assertThat(a.pid().isAlive()).isTrue();
  }

  @Test
  void chance_sameSeed_sameLosses() {
    assertThat(survivors(3)).isEqualTo(survivors(3)).isNotEqualTo(survivors(4));
    assertThat(survivors(3).size()).isBetween(30, 70);
    assertThatThrownBy(() -> faults.drop(Who.anybody(), Who.anybody()).chance(1.5))
        .hasMessageContaining("from 0 to 1");
  }

  private static List<Object> survivors(long seed) {
    DeterministicScheduler scheduler = new DeterministicScheduler(seed);
    Faults faults = new Faults(scheduler);
    Node node = Node.builder(scheduler).wire(faults).build();
    Probe<Object> probe = Probe.on(node);
    faults.drop(Who.outside(), Who.pid(probe.pid())).chance(0.5);
    List<Object> sent = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sent.add(i);
      probe.pid().send(i);
    }
    scheduler.runUntilIdle();
    List<Object> received = probe.received();
    assertThat(sent).containsAll(received);
    return received;
  }
}
