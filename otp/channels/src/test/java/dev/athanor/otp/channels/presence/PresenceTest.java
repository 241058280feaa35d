package dev.athanor.otp.channels.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.channels.pubsub.Broadcast;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.otp.testing.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PresenceTest {
  private static final Payload ONE = Payload.of(Map.of("n", 1));
  private static final Payload TWO = Payload.of(Map.of("n", 2));

  private final DeterministicScheduler scheduler = new DeterministicScheduler();
  private final Node node = Node.on(scheduler);
  private final PubSub pubSub = new PubSub(node);
  private final Probe<Broadcast> client = Probe.on(node);

  private Presence started(UnaryOperator<PresenceBuilder> more) {
    pubSub.subscribe("room", client.pid());
    Presence presence = more.apply(Presence.builder(node, pubSub)).build();
    scheduler.await(presence.start()).orThrow();
    return presence;
  }

  private Presence started() {
    return started(builder -> builder);
  }

  private Pid<Object> someone() {
    return node.spawn((Behavior<Object>) (self, message) -> {});
  }

  private <T> T await(CompletionStage<T> stage) {
    return scheduler.await(stage);
  }

  private String ref(Outcome outcome) {
    return ((Outcome.Tracked) outcome).ref();
  }

  private List<String> diffs() {
    scheduler.advance(Duration.ofMillis(100));
    return client.received().stream().map(each -> ((Broadcast) each).payload().toString()).toList();
  }

  @Test
  void track_aProcess_isSeenAndTold() {
    Presence presence = started();
    String ref = ref(await(presence.track(someone(), "room", "u1", ONE)));

    assertThat(presence.list("room")).isEqualTo(Map.of("u1", List.of(new Meta(ref, null, ONE))));
    assertThat(presence.get("room", "u1")).hasSize(1);
    assertThat(presence.count("room")).isEqualTo(1);
    assertThat(presence.list("roo")).isEmpty();
    assertThat(presence.count("rooms")).isZero();
    assertThat(diffs())
        .containsExactly(
            "{\"leaves\":{},\"joins\":{\"u1\":{\"metas\":[{\"phx_ref\":\""
                + ref
                + "\",\"n\":1}]}}}");
  }

  @Test
  void track_twiceUnderOneKey_isRefusedAndUnderAnotherNot() {
    Presence presence = started();
    Pid<Object> pid = someone();
    String ref = ref(await(presence.track(pid, "room", "u1", ONE)));

    assertThat(await(presence.track(pid, "room", "u1", TWO)))
        .isEqualTo(new Outcome.AlreadyTracked(ref));
    assertThat(await(presence.track(pid, "room", "u2", TWO))).isInstanceOf(Outcome.Tracked.class);
    assertThat(await(presence.track(someone(), "room", "u1", TWO)))
        .isInstanceOf(Outcome.Tracked.class);
    assertThat(presence.count("room")).isEqualTo(2);
    assertThat(presence.get("room", "u1")).extracting(Meta::value).containsExactly(ONE, TWO);
  }

  @Test
  void update_theMeta_keepsThePreviousReferenceAndNeverHidesTheKey() {
    Presence presence = started();
    Pid<Object> pid = someone();
    String first = ref(await(presence.track(pid, "room", "u1", ONE)));
    diffs();
    scheduler.afterEachTurn(() -> assertThat(presence.count("room")).isEqualTo(1));
    String second = ref(await(presence.update(pid, "room", "u1", TWO)));
    assertThat(diffs())
        .containsExactly(
            "{\"leaves\":{\"u1\":{\"metas\":[{\"phx_ref\":\""
                + first
                + "\",\"n\":1}]}},\"joins\":{\"u1\":{\"metas\":[{\"phx_ref\":\""
                + second
                + "\",\"phx_ref_prev\":\""
                + first
                + "\",\"n\":2}]}}}");
  }

  @Test
  void update_byAFunction_takesTheOldMetaAndItsFailureChangesNothing() {
    Presence presence = started();
    Pid<Object> pid = someone();
    await(presence.track(pid, "room", "u1", ONE));
    UnaryOperator<Payload> next =
        old -> Payload.of(Map.of("n", old.json().get("n").intValue() + 1));

    assertThat(await(presence.update(pid, "room", "u1", next))).isInstanceOf(Outcome.Tracked.class);
    assertThat(await(presence.update(pid, "room", "u1", old -> Payload.of(1))))
        .isInstanceOf(Outcome.Failed.class);
    assertThat(await(presence.update(pid, "room", "nobody", next)))
        .isEqualTo(new Outcome.NotTracked());
    assertThat(presence.get("room", "u1")).extracting(Meta::value).containsExactly(TWO);
  }

  @Test
  void meta_thatIsNoObjectOrHasReferences_isRefusedOrCleaned() {
    Presence presence = started();
    assertThatThrownBy(() -> presence.track(someone(), "room", "u1", Payload.of(List.of(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("JSON object");
    await(
        presence.track(
            someone(), "room", "u1", Payload.of(Map.of("phx_ref", "x", "phx_ref_prev", "y"))));
    assertThat(presence.get("room", "u1").getFirst().value()).isEqualTo(Payload.EMPTY);
    assertThat(diffs().getFirst()).doesNotContain("phx_ref_prev").contains("metas\":[{\"phx_ref");
  }

  @Test
  void key_thatIsNoUnicode_isRefused() {
    Presence presence = started();
    for (String half : List.of("a\ud800", "\udc00a", "\ud800\ud800\udc00")) {
      assertThatThrownBy(() -> presence.track(someone(), "room", half, ONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected whole characters in the key");
      assertThatThrownBy(() -> presence.trackAll(someone(), "room", Map.of(half, ONE)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> presence.join(someone(), "room", half, ONE))
          .isInstanceOf(IllegalArgumentException.class);
    }
    await(presence.track(someone(), "room", "😀", ONE));
    assertThat(diffs()).singleElement().asString().contains("😀");
  }

  @Test
  void change_thatCannotBeTold_isAnEventAndOthersAreTold() {
    Probe<Object> events = Probe.on(node);
    node.telemetry().attach("t", "athanor.presence.tell_failed", event -> events.pid().send(event));
    List<String> crashes = new ArrayList<>();
    node.telemetry().attach("c", "athanor.process.crashed", event -> crashes.add(event.toString()));
    Presence presence =
        started(
            builder ->
                builder
                    .shards(1)
                    .transport(
                        "here",
                        new Transport() {
                          @Override
                          public void broadcast(Gossip gossip) {}

                          @Override
                          public void send(Replica to, Gossip gossip) {}
                        }));
    Replica there = new Replica("there", 0, 1, 1);
    Gossip.Item half = new Gossip.Item(1, "room", "\ud800", new Meta("r1", null, ONE));
    Gossip.Item whole = new Gossip.Item(2, "room2", "u2", new Meta("r2", null, ONE));
    pubSub.subscribe("room2", client.pid());
    presence.receive(
        new Gossip.Heartbeat(
            there, 2, new Gossip.Delta(List.of(new Gossip.Range(1, 2)), List.of(half, whole))));
    assertThat(diffs()).singleElement().asString().contains("u2");
    assertThat(events.received()).hasSize(1);
    await(presence.track(someone(), "room", "u3", ONE));
    assertThat(diffs()).singleElement().asString().contains("u3");
    assertThat(crashes).isEmpty();
  }

  @Test
  void fetch_ofWhatIsNoJson_isAnEventAndNothingElse() {
    Probe<Object> events = Probe.on(node);
    node.telemetry()
        .attach("t", "athanor.presence.fetch_failed", event -> events.pid().send(event));
    Payload broken = Payload.json("{".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Presence presence =
        started(
            builder ->
                builder.fetch(
                    (topic, there) -> CompletableFuture.completedStage(Map.of("u1", broken))));
    await(presence.join(someone(), "room", "u1", ONE));
    assertThat(diffs()).singleElement().asString().contains("u1");
    assertThat(events.received()).hasSize(2);
  }

  @Test
  void untrack_oneOrAll_takesThemBack() {
    Presence presence = started();
    Pid<Object> pid = someone();
    await(presence.track(pid, "room", "u1", ONE));
    await(presence.track(pid, "elsewhere", "u1", ONE));
    await(presence.track(pid, "third", "u1", ONE));

    assertThat(await(presence.untrack(pid, "room", "u1"))).isTrue();
    assertThat(await(presence.untrack(pid, "room", "u1"))).isFalse();
    assertThat(presence.count("room")).isZero();
    assertThat(await(presence.untrack(pid))).isEqualTo(2);
    assertThat(presence.list("elsewhere")).isEmpty();
    node.exit(pid, ExitReason.KILL);
    diffs();
    assertThat(presence.count("third")).isZero();
  }

  @Test
  void process_thatEnds_isSeenNoMore() {
    Presence presence = started();
    Pid<Object> pid = someone();
    await(presence.trackAll(pid, "room", Map.of("u1", ONE, "u2", TWO)));
    Pid<Object> dead = someone();
    node.exit(dead, ExitReason.KILL);
    await(presence.track(dead, "room", "late", ONE));
    diffs();
    assertThat(presence.list("room")).containsOnlyKeys("u1", "u2");
    node.exit(pid, ExitReason.KILL);
    assertThat(diffs()).singleElement().asString().contains("\"joins\":{}", "u1", "u2");
    assertThat(presence.count("room")).isZero();
  }

  @Test
  void manyJoins_inABurst_areToldInFewDiffs() {
    Presence presence = started();
    List<CompletionStage<Payload>> states = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      states.add(presence.join(someone(), "room", "u" + i, ONE));
    }
    states.forEach(this::await);
    assertThat(presence.count("room")).isEqualTo(2_000);
    assertThat(await(states.getLast()).json()).hasSize(2_000);
    assertThat(diffs()).hasSizeLessThan(4);
  }

  @Test
  void join_andLeaveWithinADiff_areNotMentioned() {
    Presence presence = started();
    await(presence.track(someone(), "room", "first", ONE));
    diffs();
    await(presence.track(someone(), "room", "now", ONE));
    client.received();
    Pid<Object> brief = someone();
    presence.track(brief, "room", "brief", ONE);
    presence.untrack(brief, "room", "brief");
    assertThat(diffs()).noneMatch(diff -> diff.contains("brief"));
  }

  @Test
  void join_afterADiff_waitsForTheIntervalAndComesWithTheDiff() {
    Presence presence = started();
    await(presence.join(someone(), "room", "u1", ONE));
    var second = presence.join(someone(), "room", "u2", ONE).toCompletableFuture();
    scheduler.runUntilIdle();
    assertThat(second).isNotDone();
    assertThat(presence.count("room")).isEqualTo(2);
    client.received();
    scheduler.advance(Duration.ofMillis(50));
    assertThat(second).isCompleted();
    assertThat(client.received()).hasSize(1);
    assertThat(second.join().json().properties()).hasSize(2);
  }

  @Test
  void fetch_onceForAll_addsFieldsBesideMetas() {
    List<Object> asked = new ArrayList<>();
    Presence presence =
        started(
            builder ->
                builder.fetch(
                    (topic, there) -> {
                      asked.add(there.keySet());
                      Map<String, Payload> names = new LinkedHashMap<>();
                      there.keySet().forEach(key -> names.put(key, Payload.of(Map.of("is", key))));
                      return CompletableFuture.completedStage(names);
                    }));
    Payload state = await(presence.join(someone(), "room", "u1", ONE));
    assertThat(state.json().at("/u1/is").textValue()).isEqualTo("u1");
    assertThat(diffs()).singleElement().asString().endsWith("\"n\":1}],\"is\":\"u1\"}}}");
    assertThat(await(presence.state("room"))).isEqualTo(state);
    assertThat(asked).hasSize(3);
  }

  @Test
  void fetch_thatTakesLong_keepsTheOrderOfDiffsAndCollects() {
    List<CompletableFuture<Map<String, Payload>>> asked = new ArrayList<>();
    Presence presence =
        started(
            builder ->
                builder.fetch(
                    (topic, there) -> {
                      asked.add(new CompletableFuture<>());
                      return asked.getLast();
                    }));
    await(presence.track(someone(), "room", "u1", ONE));
    await(presence.track(someone(), "room", "u2", ONE));
    scheduler.advance(Duration.ofSeconds(1));
    await(presence.track(someone(), "room", "u3", ONE));
    assertThat(diffs()).isEmpty();
    asked.getFirst().complete(Map.of());
    assertThat(diffs()).singleElement().asString().contains("u1").doesNotContain("u2");
    scheduler.advance(Duration.ofSeconds(6)); // nobody answers: told without
    assertThat(diffs()).singleElement().asString().contains("u2", "u3");
    assertThat(asked).hasSize(2);
  }

  @Test
  void fetch_thatFails_isAnEventAndNothingElse() {
    Probe<Object> events = Probe.on(node);
    node.telemetry()
        .attach("t", "athanor.presence.fetch_failed", event -> events.pid().send(event));
    Presence presence =
        started(
            builder ->
                builder.fetch(
                    (topic, there) ->
                        topic.equals("room")
                            ? CompletableFuture.failedStage(new IllegalStateException("as asked"))
                            : CompletableFuture.completedStage(Map.of("u1", Payload.of("text")))));
    await(presence.join(someone(), "room", "u1", ONE));
    await(presence.join(someone(), "other", "u1", ONE));
    assertThat(diffs()).hasSize(1);
    assertThat(events.received()).hasSize(4);
  }

  @Test
  void listener_ofWhatClientsAreTold_hearsItOnceAndMayFail() {
    List<String> heard = new ArrayList<>();
    Presence presence =
        started(
            builder ->
                builder.listener(
                    (topic, joined, left) -> {
                      heard.add(topic + " +" + joined.keySet() + " -" + left.keySet());
                      throw new IllegalStateException("as asked");
                    }));
    Pid<Object> pid = someone();
    await(presence.join(pid, "room", "u1", ONE));
    scheduler.advance(Duration.ofMillis(100));
    node.exit(pid, ExitReason.KILL);
    scheduler.advance(Duration.ofMillis(100));
    assertThat(heard).containsExactly("room +[u1] -[]", "room +[] -[u1]");
  }

  @Test
  void tracker_thatCrashes_findsItsProcessesAgainAndClientsNoticeNothing() {
    Presence presence = started(builder -> builder.shards(1));
    Pid<Object> pid = someone();
    await(presence.track(pid, "room", "u1", ONE));
    await(presence.track(someone(), "room", "u2", TWO));
    Map<String, List<Meta>> before = presence.list("room");
    assertThat(String.join("", diffs())).contains("u1", "u2");
    await(presence.track(someone(), "room", "untold", TWO));
    client.received();

    node.exit(Name.local("presence.trackers/0").whereis(node), ExitReason.KILL);
    Pid<Object> late = someone();
    scheduler.runUntilIdle();
    assertThat(presence.list("room")).containsAllEntriesOf(before).hasSize(3);
    diffs();
    await(presence.track(late, "room", "u3", ONE));
    assertThat(await(presence.track(pid, "room", "u1", ONE)))
        .isInstanceOf(Outcome.AlreadyTracked.class);
    node.exit(pid, ExitReason.KILL);
    assertThat(diffs()).isNotEmpty().noneMatch(diff -> diff.contains("u2"));
    assertThat(presence.list("room")).containsOnlyKeys("u2", "u3", "untold");
  }

  @Test
  void change_toldToNobodyYet_isToldByTheSuccessorOfACrashedTracker() {
    Presence presence = started(builder -> builder.shards(1));
    await(presence.track(someone(), "room", "u1", ONE));
    diffs();
    await(presence.track(someone(), "room", "u2", ONE));
    await(presence.track(someone(), "room", "u3", ONE));
    node.exit(Name.local("presence.trackers/0").whereis(node), ExitReason.KILL);
    assertThat(String.join("", diffs())).contains("u2", "u3");
  }

  @Test
  void reading_beforeTheStart_findsNobody() {
    Presence presence = Presence.builder(node, pubSub).build();
    assertThat(presence.list("room")).isEmpty();
    assertThat(presence.get("room", "u1")).isEmpty();
    assertThat(presence.count("room")).isZero();
  }
}
