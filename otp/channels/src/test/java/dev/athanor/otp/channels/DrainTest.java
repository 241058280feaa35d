package dev.athanor.otp.channels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.StartResult;
import dev.athanor.otp.supervisor.ChildInfo;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.Supervisor;
import dev.athanor.otp.supervisor.SupervisorSpec;
import dev.athanor.otp.sys.Sys;
import dev.athanor.otp.telemetry.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// How an endpoint stops: in batches, in order, as a child of its supervisor.
class DrainTest {
  @Test
  void drain_moreThanABatch_closesThemBatchByBatch() throws Exception {
    Drain drain = Drain.DEFAULT.withBatches(2, Duration.ofMillis(100));
    BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    List<RawClient> clients = new ArrayList<>();
    try (DemoServer server = new DemoServer(builder -> builder.drain(drain))) {
      server.node.telemetry().attach("test", "athanor.socket.drain", events::add);
      for (int i = 0; i < 5; i++) {
        clients.add(RawClient.join(server.port(), "room:a"));
      }
      server.endpoint.drain().toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(server.channels()).isZero();
      assertThat(events)
          .<Map<String, ?>>extracting(Event::measurements)
          .containsExactly(round(2, 1), round(2, 2), round(1, 3));
      for (RawClient client : clients) {
        assertThat(client.read()).isEqualTo("CLOSE 1012");
      }
      try (RawClient late = new RawClient(server.port(), "vsn=2.0.0")) {
        assertThat(late.status).isEqualTo(503);
      }
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  private static Map<String, Number> round(int count, int index) {
    return Map.of("count", count, "total", 5, "index", index, "rounds", 3);
  }

  @Test
  void drain_patienceOver_closesTheOthersAtOnce() throws Exception {
    Drain slow = new Drain(1, Duration.ofHours(1), Duration.ofMillis(50));
    try (DemoServer server = new DemoServer(builder -> builder.drain(slow));
        RawClient one = RawClient.join(server.port(), "room:a");
        RawClient other = RawClient.join(server.port(), "room:a")) {
      server.endpoint.drain().toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(one.read()).isEqualTo("CLOSE 1012");
      assertThat(other.read()).isEqualTo("CLOSE 1012");
    }
  }

  @Test
  void drain_nobodyThere_isOverAtOnce() throws Exception {
    try (DemoServer server = new DemoServer()) {
      server.endpoint.drain().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void drain_ofNobodyAtATime_isRefused() {
    assertThatThrownBy(() -> Drain.DEFAULT.withBatches(0, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a batch of at least 1, got 0");
  }

  private record Tree(Pid<Supervisor.Command> top, Pid<?> endpoint) {
    static Tree start(DemoServer server) throws Exception {
      SupervisorSpec spec =
          SupervisorSpec.of(Strategy.ONE_FOR_ONE, server.endpoint.child("endpoint"));
      StartResult<Supervisor.Command> started =
          Supervisor.start(server.node, spec).toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(started).isInstanceOf(StartResult.Started.class);
      Pid<Supervisor.Command> top = ((StartResult.Started<Supervisor.Command>) started).pid();
      ChildInfo child =
          Supervisor.whichChildren(top).toCompletableFuture().get(10, TimeUnit.SECONDS).getFirst();
      return new Tree(top, child.pid());
    }
  }

  @Test
  void endpoint_underASupervisor_showsItsChannels() throws Exception {
    try (DemoServer server = new DemoServer()) {
      Tree tree = Tree.start(server);
      try (RawClient client = RawClient.join(server.port(), "room:a")) {
        List<ChildInfo> channels =
            server.endpoint.whichChannels().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(channels).extracting(ChildInfo::id).containsExactly("room:a");
        Pid<?> channel = channels.getFirst().pid();
        var status = Sys.getStatus(channel).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(status.parent()).isEqualTo(tree.endpoint());
        assertThat(status.module()).isEqualTo(RoomChannel.class.getName());
        assertThat(client.status).isEqualTo(101);
      }
    }
  }

  @Test
  @SuppressWarnings("FutureReturnValueIgnored")
  void supervisor_stopped_drainsTheEndpointFirst() throws Exception {
    BlockingQueue<ExitReason> ends = new LinkedBlockingQueue<>();
    try (DemoServer server = new DemoServer()) {
      Tree tree = Tree.start(server);
      try (RawClient client = RawClient.join(server.port(), "room:a")) {
        Pid<?> channel =
            server
                .endpoint
                .whichChannels()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .getFirst()
                .pid();
        server.node.exited(channel).thenAccept(ends::add);
        server.node.exited(tree.top()).thenAccept(ends::add);
        GenServer.stop(tree.top(), ExitReason.SHUTDOWN, Duration.ofSeconds(10));
        assertThat(client.read()).isEqualTo("CLOSE 1012");
        assertThat(ends.poll(10, TimeUnit.SECONDS)).isEqualTo(ExitReason.shutdown("closed"));
        assertThat(ends.poll(10, TimeUnit.SECONDS)).isEqualTo(ExitReason.SHUTDOWN);
      }
    }
  }

  @Test
  void endpoint_processKilled_closesItsSocketsAndOpensAgain() throws Exception {
    try (DemoServer server = new DemoServer()) {
      Tree tree = Tree.start(server);
      try (RawClient client = RawClient.join(server.port(), "room:a")) {
        server.node.exit(tree.endpoint(), ExitReason.KILL);
        assertThat(client.read()).isEqualTo("CLOSE 1001");
      }
      Awaitility.await()
          .untilAsserted(
              () -> {
                try (RawClient again = new RawClient(server.port(), "vsn=2.0.0")) {
                  assertThat(again.status).isEqualTo(101);
                }
              });
    }
  }
}
