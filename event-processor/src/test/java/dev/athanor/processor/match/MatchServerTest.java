package dev.athanor.processor.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.fixtures.MatchState;
import dev.athanor.domain.fixtures.TimelineEvent;
import dev.athanor.domain.fixtures.TimelineEvent.Kind;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.processor.match.StoredMatches.Behaviour;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatchServerTest {
  private final Stadium stadium = new Stadium();
  private final DeterministicScheduler scheduler = stadium.scheduler();
  private final StoredMatches store = stadium.store();
  private final MatchBoard board = stadium.board();
  private final Node node = stadium.node();

  @Test
  void match_inTime_publishesEachMomentWhenItIsDue() {
    MatchState match = stadium.scheduled(Duration.ofSeconds(10));
    CompletionStage<ExitReason> end = node.exited(start(match));

    scheduler.advance(Duration.ofMillis(9_999));
    assertThat(store.published(match.id())).isEmpty();
    scheduler.advance(Duration.ofMillis(1));
    assertThat(kinds(match)).containsExactly(Kind.KICK_OFF);
    scheduler.advance(Duration.ofMillis(1_600));
    assertThat(kinds(match)).containsExactly(Kind.KICK_OFF, Kind.GOAL);
    scheduler.advance(Duration.ofSeconds(5));
    assertThat(kinds(match)).containsExactly(Kind.KICK_OFF, Kind.GOAL, Kind.HALF_TIME);
    scheduler.advance(Duration.ofSeconds(5));
    assertThat(store.published(match.id())).isEqualTo(match.timeline());
    assertThat(scheduler.await(end)).isEqualTo(ExitReason.NORMAL);
    assertThat(board.size()).isZero();
  }

  @Test
  void match_farInTheFuture_waitsForTheWallClock() {
    MatchState match = stadium.scheduled(Duration.ofDays(3));
    start(match);

    scheduler.advance(Duration.ofDays(3).minusNanos(1));
    assertThat(store.published(match.id())).isEmpty();
    scheduler.advance(Duration.ofNanos(1));
    assertThat(kinds(match)).containsExactly(Kind.KICK_OFF);
  }

  @Test
  void match_longOverdue_publishesEverythingAtOnceInOrder() {
    MatchState match = stadium.scheduled(Duration.ofDays(-1));
    start(match);

    scheduler.runUntilIdle();
    assertThat(store.published(match.id())).isEqualTo(match.timeline());
  }

  @Test
  void match_thatNobodyKnows_endsInOrder() {
    Pid<MatchMessage> pid = started(UUID.randomUUID());

    scheduler.runUntilIdle();
    assertThat(pid.isAlive()).isFalse();
    assertThat(board.size()).isZero();
  }

  @Test
  void match_databaseDown_waitsLongerEachTimeAndGoesOn() {
    MatchState match = stadium.scheduled(Duration.ofSeconds(-1));
    store.behave(Behaviour.FAILS);
    Pid<MatchMessage> pid = start(match);

    scheduler.advance(Duration.ofMinutes(5));
    assertThat(pid.isAlive()).isTrue();
    assertThat(store.calls()).isBetween(30, 45);
    store.behave(Behaviour.WORKS);
    scheduler.advance(Duration.ofSeconds(10));
    assertThat(store.published(match.id())).isEqualTo(match.timeline());
  }

  @Test
  void match_answerOfTheCommitLost_publishesNothingTwice() {
    MatchState match = stadium.scheduled(Duration.ZERO);
    start(match);
    scheduler.advance(Duration.ofSeconds(1));
    store.behave(Behaviour.COMMITS_BUT_FAILS);
    scheduler.advance(Duration.ofSeconds(3));
    store.behave(Behaviour.WORKS);

    scheduler.advance(Duration.ofSeconds(30));
    assertThat(store.published(match.id())).isEqualTo(match.timeline());
  }

  @Test
  void match_runTwice_publishesEachMomentOnce() {
    MatchState match = stadium.scheduled(Duration.ZERO);
    start(match);
    scheduler.await(GenServer.start(node, new MatchServer(match.id(), stadium.matchday())));

    scheduler.advance(Duration.ofSeconds(30));
    assertThat(store.published(match.id())).isEqualTo(match.timeline());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void match_killedAtRandom_losesAndRepeatsNothing(long seed) {
    Random random = new Random(seed);
    List<Behaviour> behaviours = List.of(Behaviour.values());
    MatchState match = stadium.scheduled(Duration.ofSeconds(1));
    Pid<MatchMessage> pid = start(match);
    for (int i = 0; i < 200; i++) {
      store.behave(behaviours.get(random.nextInt(behaviours.size())));
      scheduler.advance(Duration.ofMillis(random.nextInt(100)));
      node.exit(pid, ExitReason.KILL);
      scheduler.runUntilIdle();
      pid = started(match.id());
    }
    store.behave(Behaviour.WORKS);
    node.exit(pid, ExitReason.KILL);
    scheduler.runUntilIdle();
    started(match.id());

    scheduler.advance(Duration.ofSeconds(60));
    assertThat(store.published(match.id())).isEqualTo(match.timeline());
    assertThat(board.size()).isZero();
  }

  @Test
  void board_runningMatch_showsHowItStands() {
    MatchState match = stadium.scheduled(Duration.ZERO);
    start(match);
    scheduler.advance(Duration.ofSeconds(2));
    node.exit(board.cards().getFirst().pid(), ExitReason.KILL);
    scheduler.runUntilIdle();
    Pid<MatchMessage> successor = started(match.id());
    scheduler.runUntilIdle();

    MatchBoard.Card card = board.cards().getFirst();
    assertThat(card.pid()).isEqualTo(successor);
    assertThat(card.restarts()).isEqualTo(1);
    assertThat(card.view())
        .isEqualTo(
            new MatchView(
                match.id(),
                "Senegal",
                "Netherlands",
                20,
                0,
                1,
                2,
                5,
                "live",
                Stadium.START.plusMillis(4_500)));
  }

  private List<Kind> kinds(MatchState match) {
    return store.published(match.id()).stream().map(TimelineEvent::kind).toList();
  }

  private Pid<MatchMessage> start(MatchState match) {
    store.put(match);
    return started(match.id());
  }

  private Pid<MatchMessage> started(UUID id) {
    return scheduler
        .await(
            GenServer.start(
                node,
                new MatchServer(id, stadium.matchday()),
                ServerOptions.DEFAULT.name(board.name(id))))
        .orThrow();
  }
}
