package dev.athanor.processor.match;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.supervisor.AutoShutdown;
import dev.athanor.otp.supervisor.ChildInfo;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.DynamicSupervisor;
import dev.athanor.otp.supervisor.Restart;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.SupervisorSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The supervision tree of the matches.
///
/// ```
/// matches                 rest_for_one
/// ├─ matches.pitch        dynamic supervisor
/// │  └─ (one a match)     one_for_one, 5 restarts in 10 s, temporary, ends with its match
/// │     └─ match          MatchServer, transient, significant
/// └─ matches.keeper       MatchKeeper
/// ```
///
/// A match crashes into its own supervisor only: kills of any number of matches at once cost each
/// of them one restart, and count for nothing above. One that crashes in a circle uses up its own
/// intensity; the keeper starts it again later.
final class MatchTree implements Pitch {
  static final String PITCH = "matches.pitch";
  static final String KEEPER = "matches.keeper";
  static final int RESTARTS = 5;
  static final Duration WITHIN = Duration.ofSeconds(10);

  private final Node node;
  private final Matchday matchday;

  MatchTree(Node node, Matchday matchday) {
    this.node = node;
    this.matchday = matchday;
  }

  ChildSpec spec() {
    return ChildSpec.supervisor(
        "matches",
        SupervisorSpec.of(
            Strategy.REST_FOR_ONE,
            DynamicSupervisor.child(
                PITCH, DynamicSupervisor.Options.DEFAULT, ServerOptions.named(PITCH)),
            ChildSpec.server(
                KEEPER, () -> new MatchKeeper(matchday, this), ServerOptions.named(KEEPER))));
  }

  @Override
  public CompletionStage<Map<UUID, Pid<?>>> present() {
    Pid<DynamicSupervisor.Command> pitch = pitch();
    return pitch == null
        ? CompletableFuture.failedStage(noPitch())
        : DynamicSupervisor.whichChildren(pitch).thenApply(MatchTree::byMatch);
  }

  @Override
  public CompletionStage<Pid<?>> begin(UUID match) {
    Pid<DynamicSupervisor.Command> pitch = pitch();
    return pitch == null
        ? CompletableFuture.failedStage(noPitch())
        : DynamicSupervisor.startChild(pitch, spec(match)).thenApply(started -> started.orThrow());
  }

  private ChildSpec spec(UUID match) {
    SupervisorSpec own =
        SupervisorSpec.of(Strategy.ONE_FOR_ONE)
            .intensity(RESTARTS, WITHIN)
            .autoShutdown(
                AutoShutdown.ANY_SIGNIFICANT,
                ChildSpec.server(
                        "match",
                        () -> new MatchServer(match, matchday),
                        ServerOptions.DEFAULT.name(matchday.board().name(match)))
                    .restart(Restart.TRANSIENT)
                    .significant(true));
    return ChildSpec.supervisor(match, own).restart(Restart.TEMPORARY);
  }

  private static Map<UUID, Pid<?>> byMatch(List<ChildInfo> children) {
    return children.stream()
        .filter(child -> child.pid() != null)
        .collect(Collectors.toMap(child -> (UUID) child.id(), ChildInfo::pid, (first, _) -> first));
  }

  @SuppressWarnings("unchecked")
  private @Nullable Pid<DynamicSupervisor.Command> pitch() {
    return (Pid<DynamicSupervisor.Command>) node.whereis(PITCH);
  }

  private static IllegalStateException noPitch() {
    return new IllegalStateException(PITCH + " is not running; it is being restarted");
  }
}
