package dev.athanor.otp.supervisor;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.StartResult;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A supervision tree that is started and stopped as one: what a deployment consists of. Children
/// start in the order of the spec and stop in reverse. May be used from any thread. Corresponds to
/// OTP's `application`.
public final class Application {
  private final Node node;
  private final Pid<Supervisor.Command> root;

  private Application(Node node, Pid<Supervisor.Command> root) {
    this.node = node;
    this.root = root;
  }

  /// Starts a tree.
  ///
  /// @param node where
  /// @param spec the top supervisor
  /// @return the application, when all its children are up; fails with [IllegalStateException]
  ///     when one of them is not, after the others were stopped
  public static CompletionStage<Application> start(Node node, SupervisorSpec spec) {
    return Supervisor.start(node, spec)
        .thenApply(
            result ->
                switch (result) {
                  case StartResult.Failed<Supervisor.Command>(
                          ExitReason.Shutdown(FailedToStart(Object id, ExitReason reason))) ->
                      throw new IllegalStateException(
                          "the application did not start: child '" + id + "' failed: " + reason,
                          reason instanceof ExitReason.Crashed(Throwable cause) ? cause : null);
                  case StartResult.Started<Supervisor.Command> _,
                      StartResult.Ignored<Supervisor.Command> _,
                      StartResult.Failed<Supervisor.Command> _,
                      StartResult.AlreadyStarted<Supervisor.Command> _ ->
                      new Application(node, result.orThrow());
                });
  }

  /// The top supervisor.
  ///
  /// @return its pid
  public Pid<Supervisor.Command> supervisor() {
    return root;
  }

  /// Completes when the tree is gone: because it was stopped, or because its top supervisor gave
  /// up.
  ///
  /// @return why it ended
  public CompletionStage<ExitReason> ended() {
    return node.exited(root);
  }

  /// Stops the tree in reverse order of its start; each child has the time its spec gives it.
  ///
  /// @return completes when everything is stopped; at once when it was already
  public CompletionStage<@Nullable Void> stop() {
    return GenServer.stop(root, ExitReason.SHUTDOWN, Supervisor.PATIENCE)
        .<@Nullable Void>handle((stopped, gone) -> null);
  }
}
