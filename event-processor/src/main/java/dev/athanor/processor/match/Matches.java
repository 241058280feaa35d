package dev.athanor.processor.match;

import dev.athanor.domain.fixtures.Fixtures;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.quarkus.Supervised;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.processor.retry.Backoff;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
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
  /// @return fails when nobody can tell which those are; it may be asked again
  Uni<Void> begin(UUID feed) {
    return Uni.createFrom()
        .completionStage(() -> GenServer.call(keeper(), new KeeperMessage.Begin(feed)))
        .onItem()
        .transformToUni(
            known ->
                known
                    ? Uni.createFrom().voidItem()
                    : Uni.createFrom()
                        .failure(
                            new IllegalStateException(
                                "The matches of feed " + feed + " could not be read")));
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

  @SuppressWarnings("unchecked")
  private Pid<KeeperMessage> keeper() {
    Pid<?> keeper = node.whereis(MatchTree.KEEPER);
    if (keeper == null) {
      throw new IllegalStateException(MatchTree.KEEPER + " is not running");
    }
    return (Pid<KeeperMessage>) keeper;
  }
}
