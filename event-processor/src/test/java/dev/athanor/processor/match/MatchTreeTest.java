package dev.athanor.processor.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.fixtures.MatchState;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.Supervisor;
import dev.athanor.otp.supervisor.SupervisorSpec;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.processor.match.StoredMatches.Behaviour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatchTreeTest {
  private final Stadium stadium = new Stadium();
  private final DeterministicScheduler scheduler = stadium.scheduler();
  private final StoredMatches store = stadium.store();
  private final Node node = stadium.node();
  private final MatchTree tree = new MatchTree(node, stadium.matchday());

  @Test
  void tree_start_playsAllUnfinishedMatches() {
    List<MatchState> matches = season(50, Duration.ofSeconds(5));
    Pid<?> top = start();

    scheduler.advance(Duration.ofSeconds(2));
    assertThat(stadium.board().size()).isEqualTo(50);
    scheduler.advance(Duration.ofSeconds(20));
    assertPlayed(matches);
    assertThat(stadium.board().size()).isZero();
    assertThat(scheduler.await(tree.present())).isEmpty();
    assertThat(top.isAlive()).isTrue();
  }

  @Test
  void tree_allMatchesKilledAtOnceAgainAndAgain_stands() {
    List<MatchState> matches = season(300, Duration.ofSeconds(1));
    Pid<?> top = start();
    scheduler.advance(Duration.ofMillis(100));
    Pid<?> pitch = node.whereis(MatchTree.PITCH);

    for (int round = 0; round < MatchTree.RESTARTS; round++) {
      stadium.board().cards().forEach(card -> node.exit(card.pid(), ExitReason.KILL));
      scheduler.advance(Duration.ofMillis(500));
    }
    assertThat(node.whereis(MatchTree.PITCH)).isSameAs(pitch);
    assertThat(stadium.board().size()).isEqualTo(300);
    scheduler.advance(Duration.ofSeconds(30));
    assertPlayed(matches);
    assertThat(top.isAlive()).isTrue();
  }

  @Test
  void tree_matchKilledBeyondItsIntensity_isRevivedByTheKeeper() {
    List<MatchState> matches = season(3, Duration.ofMinutes(2));
    start();
    scheduler.advance(Duration.ofMillis(100));
    UUID unlucky = matches.getFirst().id();
    Pid<?> pitch = node.whereis(MatchTree.PITCH);

    for (int kill = 0; kill <= MatchTree.RESTARTS; kill++) {
      node.exit(stadium.board().card(unlucky).pid(), ExitReason.KILL);
      scheduler.runUntilIdle();
    }
    assertThat(stadium.board().card(unlucky)).isNull();
    assertThat(node.whereis(MatchTree.PITCH)).isSameAs(pitch);
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(stadium.board().card(unlucky).pid().isAlive()).isTrue();
    scheduler.advance(Duration.ofMinutes(3));
    assertPlayed(matches);
  }

  @Test
  void keeper_killed_leavesTheMatchesAloneAndKnowsThemAgain() {
    season(20, Duration.ofMinutes(1));
    start();
    scheduler.advance(Duration.ofMillis(100));
    List<Pid<?>> before = pids();

    node.exit(node.whereis(MatchTree.KEEPER), ExitReason.KILL);
    scheduler.advance(Duration.ofSeconds(2));
    assertThat(pids()).isEqualTo(before);
    assertThat(scheduler.await(tree.present())).hasSize(20);
  }

  @Test
  void begin_feedImportedLater_startsItsMatches() {
    start();
    scheduler.advance(Duration.ofSeconds(1));
    List<MatchState> matches = season(10, Duration.ofSeconds(3));

    assertThat(begin(matches.getFirst().feedId())).isEmpty();
    assertThat(begin(matches.getFirst().feedId())).isEmpty();
    scheduler.runUntilIdle();
    assertThat(scheduler.await(tree.present())).hasSize(1);
    scheduler.advance(Duration.ofMinutes(2));
    assertPlayed(matches);
  }

  @Test
  void begin_databaseDown_saysWhy() {
    start();
    scheduler.advance(Duration.ofSeconds(1));
    store.behave(Behaviour.FAILS);

    assertThat(begin(UUID.randomUUID()))
        .hasValueSatisfying(why -> assertThat(why).hasMessage("connection closed"));
  }

  @Test
  void begin_keeperJustStarted_waitsUntilItKnowsWhoIsThere() {
    start();
    scheduler.advance(Duration.ofSeconds(1));
    List<MatchState> matches = season(1, Duration.ofSeconds(3));
    MatchKeeper keeper = new MatchKeeper(stadium.matchday(), tree);
    Pid<KeeperMessage> successor = scheduler.await(GenServer.start(node, keeper)).orThrow();

    assertThat(begin(successor, matches.getFirst().feedId())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void tree_anyProcessKilledAtRandom_losesAndRepeatsNothing(long seed) {
    Random random = new Random(seed);
    List<MatchState> matches = season(30, Duration.ofSeconds(5));
    start();
    for (int i = 0; i < 60; i++) {
      scheduler.advance(Duration.ofMillis(400));
      List<MatchBoard.Card> cards = stadium.board().cards();
      if (!cards.isEmpty()) {
        node.exit(cards.get(random.nextInt(cards.size())).pid(), ExitReason.KILL);
      }
      Pid<?> keeper = node.whereis(MatchTree.KEEPER);
      if (random.nextInt(20) == 0 && keeper != null) {
        node.exit(keeper, ExitReason.KILL);
      }
    }

    scheduler.advance(Duration.ofMinutes(10));
    assertPlayed(matches);
    assertThat(stadium.board().size()).isZero();
  }

  private void assertPlayed(List<MatchState> matches) {
    assertThat(matches)
        .allSatisfy(match -> assertThat(store.published(match.id())).isEqualTo(match.timeline()));
  }

  private List<MatchState> season(int size, Duration kickOffIn) {
    List<MatchState> matches = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      MatchState match = stadium.scheduled(kickOffIn.plusMillis(i));
      store.put(match);
      matches.add(match);
    }
    return matches;
  }

  private List<Pid<?>> pids() {
    return stadium.board().cards().stream().<Pid<?>>map(MatchBoard.Card::pid).toList();
  }

  @SuppressWarnings("unchecked")
  private Optional<Throwable> begin(UUID feed) {
    return begin((Pid<KeeperMessage>) node.whereis(MatchTree.KEEPER), feed);
  }

  private Optional<Throwable> begin(Pid<KeeperMessage> keeper, UUID feed) {
    return scheduler.await(GenServer.call(keeper, new KeeperMessage.Begin(feed)));
  }

  private Pid<?> start() {
    return scheduler
        .await(Supervisor.start(node, SupervisorSpec.of(Strategy.ONE_FOR_ONE, tree.spec())))
        .orThrow();
  }
}
