package dev.athanor.otp.channels.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplicasTest {
  private static final Payload META = Payload.of(Map.of("n", 1));

  private final Hub hub = new Hub(7);
  private final Hub.Member one = hub.add("one");
  private final Hub.Member two = hub.add("two");

  private void pass(Duration time) {
    hub.scheduler.advance(time);
  }

  private Pid<Object> track(Hub.Member member, String key) {
    Pid<Object> pid = member.someone();
    member.presence.track(pid, "a", key, META);
    return pid;
  }

  @Test
  void entry_ofAnotherNode_isSeenAfterAHeartbeatAndGoneAfterAnother() {
    Pid<Object> pid = track(one, "u1");
    pass(Duration.ofMillis(3500));
    assertThat(Hub.refs(two, "a")).isEqualTo(Hub.refs(one, "a")).hasSize(1);
    assertThat(two.presence.count("a")).isEqualTo(1);
    one.node.exit(pid, ExitReason.KILL);
    pass(Duration.ofMillis(1600));
    assertThat(two.presence.count("a")).isZero();
  }

  @Test
  void replica_notHeardOf_isDownAfter30SecondsAndForgottenAfter20Minutes() {
    List<String> events = new ArrayList<>();
    two.node.telemetry().attach("t", "athanor.presence", event -> events.add(event.name()));
    track(one, "u1");
    pass(Duration.ofSeconds(5));
    hub.cut("one", "two");
    pass(Duration.ofSeconds(10));
    assertThat(two.presence.count("a")).isEqualTo(1);
    pass(Duration.ofSeconds(25));
    assertThat(two.presence.count("a")).isZero();
    hub.heal();
    pass(Duration.ofSeconds(20));
    assertThat(two.presence.count("a")).isEqualTo(1);

    hub.cut("one", "two");
    pass(Duration.ofMinutes(21));
    assertThat(two.presence.count("a")).isZero();
    assertThat(events)
        .contains("athanor.presence.replica_down", "athanor.presence.replica_forgotten");
    track(one, "u2");
    hub.heal();
    pass(Duration.ofSeconds(20));
    assertThat(Hub.refs(two, "a")).isEqualTo(Hub.refs(one, "a")).hasSize(2);
  }

  @Test
  void replica_thatStopsInOrder_isForgottenAtOnce() {
    track(one, "u1");
    pass(Duration.ofSeconds(5));
    one.stop(ExitReason.SHUTDOWN);
    pass(Duration.ofMillis(60));
    assertThat(two.presence.count("a")).isZero();
  }

  @Test
  void replica_thatStartsAgain_replacesWhatItsFormerLifeSaid() {
    track(one, "old");
    pass(Duration.ofSeconds(5));
    hub.cut("one", "two"); // the goodbye is lost
    one.stop(ExitReason.KILL);
    pass(Duration.ofSeconds(1));
    hub.heal();
    one.start(builder -> builder);
    track(one, "new");
    pass(Duration.ofSeconds(4));
    assertThat(two.presence.list("a")).containsOnlyKeys("new");
  }

  @Test
  void gossip_ofAFormerLife_bringsNothingBack() {
    track(one, "u1");
    pass(Duration.ofSeconds(5));
    Replica old = new Replica("one", two.presence.shard("a"), 2, 1);
    two.presence.receive(
        new Gossip.Heartbeat(
            old,
            1,
            new Gossip.Delta(
                List.of(new Gossip.Range(1, 1)),
                List.of(new Gossip.Item(1, "a", "ghost", new Meta("g", null, META))))));
    two.presence.receive(new Gossip.Goodbye(old));
    pass(Duration.ofSeconds(1));
    assertThat(two.presence.list("a")).containsOnlyKeys("u1");
  }

  @Test
  void heartbeat_thatWasLost_isMadeUpForByATransfer() {
    pass(Duration.ofSeconds(5));
    hub.cut("one", "two");
    track(one, "u1");
    track(one, "u2");
    pass(Duration.ofSeconds(5));
    hub.heal();
    Pid<Object> third = track(one, "u3");
    pass(Duration.ofSeconds(4));
    assertThat(two.presence.list("a")).containsOnlyKeys("u1", "u2", "u3");
    one.node.exit(third, ExitReason.KILL);
    pass(Duration.ofSeconds(4));
    assertThat(two.presence.list("a")).containsOnlyKeys("u1", "u2");
  }

  @Test
  void node_thatJoinsLate_receivesEverything() {
    for (int i = 0; i < 50; i++) {
      track(one, "u" + i);
    }
    pass(Duration.ofSeconds(60));
    Hub.Member three = hub.add("three");
    pass(Duration.ofSeconds(20));
    assertThat(Hub.refs(three, "a")).isEqualTo(Hub.refs(one, "a")).hasSize(50);
  }

  @Test
  void node_withAnotherNumberOfTrackers_isNotListenedTo() {
    List<String> events = new ArrayList<>();
    two.node.telemetry().attach("t", "athanor.presence.mismatch", e -> events.add(e.name()));
    two.presence.receive(new Gossip.Goodbye(new Replica("one", 3, 5, Long.MAX_VALUE)));
    assertThat(events).hasSize(1);
    assertThatThrownBy(() -> new Replica("one", 5, 5, 1)).hasMessageContaining("5 of 5");
  }

  @Test
  void periods_thatContradictEachOther_areRefused() {
    assertThatThrownBy(
            () ->
                Presence.builder(one.node, one.pubSub)
                    .periods(
                        Duration.ofSeconds(1),
                        10,
                        Duration.ofSeconds(19),
                        Duration.ofMinutes(1),
                        1))
        .hasMessageContaining("down");
  }
}
