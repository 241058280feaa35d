package dev.athanor.processor.match;

import dev.athanor.domain.fixtures.Fixtures;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.quarkus.Supervised;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.processor.retry.Backoff;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// The live matches of this node: a supervised process for each unfinished match, see
/// [MatchServer].
///
/// Started with the application, before events come in.
@ApplicationScoped
class Matches implements Supervised {
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final RandomGenerator RANDOM = () -> ThreadLocalRandom.current().nextLong();

  private final Node node;
  private final MatchBoard board;
  private final MatchTree tree;

  Matches(Node node, Fixtures fixtures, MeterRegistry meters) {
    this.node = node;
    this.board = new MatchBoard(node);
    this.tree =
        new MatchTree(
            node,
            new Matchday(
                Checkpoints.in(fixtures),
                InstantSource.system(),
                Backoff.DATABASE,
                RANDOM,
                board,
                new MatchMeters(meters, board)));
  }

  @Override
  public int order() {
    return 200;
  }

  @Override
  public List<ChildSpec> children() {
    return List.of(tree.spec());
  }

  List<MatchBoard.Card> cards() {
    return board.cards();
  }

  /// Sees to it that all unfinished matches of a feed have processes.
  ///
  /// @return fails, with the cause, when nobody can tell which those are; it may be asked again
  Uni<Void> begin(UUID feed) {
    return Uni.createFrom()
        .completionStage(
            () ->
                GenServer.call(
                    node, Name.local(MatchTree.KEEPER), new KeeperMessage.Begin(feed), ANSWER))
        .invoke(
            failure ->
                failure.ifPresent(
                    cause -> {
                      throw new IllegalStateException(
                          "The matches of feed " + feed + " could not be read: " + cause, cause);
                    }))
        .replaceWithVoid();
  }

  /// Kills the process of a match, as an operator would.
  ///
  /// @return false when this node has no such process
  boolean kill(UUID match) {
    MatchBoard.Card card = board.card(match);
    if (card == null) {
      return false;
    }
    node.exit(card.pid(), ExitReason.KILL);
    return true;
  }
}
