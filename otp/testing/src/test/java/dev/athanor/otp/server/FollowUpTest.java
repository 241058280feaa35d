package dev.athanor.otp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.supervisor.ChildCount;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.Supervisor;
import dev.athanor.otp.supervisor.SupervisorSpec;
import dev.athanor.otp.sys.Sys;
import dev.athanor.otp.task.Task;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/// What hangs on an outcome runs on the thread that brings it, which is in a turn of the server. It
/// is nobody's callback all the same, and may use the server like everybody else.
class FollowUpTest {
  record Get() implements Request<Integer> {}

  private final DeterministicScheduler scheduler = new DeterministicScheduler(3);
  private final Node node = Node.on(scheduler);

  private static final class Count implements GenServer<Get, Integer> {
    @Override
    public InitResult<Integer> init(ServerSelf<Get> self) {
      return InitResult.ok(1);
    }

    @Override
    public Next<Integer> handleCall(Get request, From<?> from, Integer state) {
      return Next.reply(request, state, state + 1);
    }
  }

  private CompletionStage<Integer> ask(Pid<Get> pid) {
    return GenServer.<Integer, Get>call(pid, new Get());
  }

  private Pid<Get> up() {
    return scheduler.await(GenServer.start(node, new Count())).orThrow();
  }

  @Test
  void call_afterTheReplyToAnother_isAnswered() {
    Pid<Get> pid = up();
    CompletionStage<Integer> second = ask(pid).thenCompose(first -> ask(pid));
    assertThat(scheduler.await(second)).isEqualTo(2);
  }

  @Test
  void call_afterTheStart_isAnswered() {
    CompletionStage<Integer> first =
        GenServer.start(node, new Count()).thenCompose(started -> ask(started.orThrow()));
    assertThat(scheduler.await(first)).isEqualTo(1);
  }

  @Test
  void call_afterALookInside_isAnswered() {
    Pid<Get> pid = up();
    CompletionStage<Integer> reply =
        Sys.getState(pid).thenCompose(one -> Sys.getState(pid)).thenCompose(two -> ask(pid));
    assertThat(scheduler.await(reply)).isEqualTo(1);
  }

  @Test
  void supervisorIsAsked_afterItsAnswer_answers() {
    Pid<Supervisor.Command> supervisor =
        scheduler
            .await(
                Supervisor.start(
                    node,
                    SupervisorSpec.of(Strategy.ONE_FOR_ONE, ChildSpec.server("a", Count::new))))
            .orThrow();
    CompletionStage<ChildCount> count =
        Supervisor.terminateChild(supervisor, "a")
            .thenCompose(done -> Supervisor.restartChild(supervisor, "a"))
            .thenCompose(done -> Supervisor.countChildren(supervisor));
    assertThat(scheduler.await(count).active()).isEqualTo(1);
  }

  @Test
  void callers_ofWhatIsStartedThere_doNotNameTheServer() {
    Pid<Get> pid = up();
    CompletionStage<List<Pid<?>>> callers =
        ask(pid).thenCompose(n -> Task.async(node, Task::callers).await());
    List<Pid<?>> found = scheduler.await(callers);
    assertThat(found).isEmpty();
  }

  @Test
  void current_afterTheEndOfAProcess_isNobody() {
    Pid<Get> pid = up();
    CompletionStage<String> current =
        node.exited(pid).thenApply(reason -> String.valueOf(Node.current()));
    scheduler.await(GenServer.stop(pid));
    assertThat(scheduler.await(current)).isEqualTo("null");
  }
}
