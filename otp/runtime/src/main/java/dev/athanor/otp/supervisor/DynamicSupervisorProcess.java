package dev.athanor.otp.supervisor;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.StartResult;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/// The process under [DynamicSupervisor]: children by pid. Its operations are single steps: starts
/// and stops of different children go on side by side.
final class DynamicSupervisorProcess extends Keeper<DynamicSupervisor.Command> {
  private static final int STOPS_A_TURN = 256;

  private final int maxChildren;
  private final List<Object> extraArguments;

  /// Children that have no pid because a restart failed or has not ended yet.
  private final Set<Child> restarting = new LinkedHashSet<>(2);

  private int starts;

  DynamicSupervisorProcess(DynamicSupervisor.Options options) {
    super(options.intensity(), options.period());
    this.maxChildren = options.maxChildren();
    this.extraArguments = options.extraArguments();
  }

  @Override
  CompletionStage<? extends StartResult<?>> launch(ChildStart start) throws Exception {
    return start instanceof DynamicSupervisor.ExtraStart extra
        ? extra.function().start(self(), extraArguments)
        : super.launch(start);
  }

  @Override
  void startUp(CompletableFuture<InitResult<Up>> decision) {
    decision.complete(InitResult.ok(Up.UP));
    done();
  }

  @Override
  void ended(Child child, ExitReason reason) {
    if (child.spec.restart() == Restart.PERMANENT
        || (child.spec.restart() == Restart.TRANSIENT && !reason.isOrderly())) {
      restart(child);
    }
    done();
  }

  private void restart(Child child) {
    if (!mayRestart(child)) {
      return;
    }
    child.restarting = true;
    restarting.add(child);
    start(
        child,
        result -> {
          boolean wanted = restarting.remove(child);
          switch (result) {
            case StartResult.Started<?> _ -> {
              if (!wanted || isStopping()) {
                stop(child, () -> {});
              }
            }
            case StartResult.Ignored<?> _ -> {}
            case StartResult.Failed<?> _, StartResult.AlreadyStarted<?> _ -> {
              if (wanted && !isStopping()) {
                child.restarting = true;
                restarting.add(child);
                enqueueLater(
                    () -> {
                      if (restarting.remove(child)) {
                        restart(child);
                      }
                      done();
                    });
              }
            }
          }
        });
  }

  @Override
  void stopAll(Runnable then) {
    restarting.clear();
    List<Child> all = List.copyOf(running().values());
    if (all.isEmpty()) {
      then.run();
      return;
    }
    stopSome(all.iterator(), new int[] {all.size()}, then);
  }

  /// Asks a good number of children to stop, and the others in a later turn: a million of them must
  /// not hold the event loop.
  private void stopSome(Iterator<Child> rest, int[] left, Runnable then) {
    for (int i = 0; i < STOPS_A_TURN && rest.hasNext(); i++) {
      stop(
          rest.next(),
          () -> {
            left[0]--;
            if (left[0] == 0) {
              then.run();
            }
          });
    }
    if (rest.hasNext()) {
      self().await(NOW, (now, failure) -> stopSome(rest, left, then));
    }
  }

  @Override
  List<ChildInfo> look() {
    return Stream.concat(running().values().stream(), restarting.stream())
        .map(Child::info)
        .toList();
  }

  @Override
  void serve(DynamicSupervisor.Command request, From<?> from) {
    switch (request) {
      case DynamicSupervisor.StartChild start -> startChild(start.spec(), from);
      case DynamicSupervisor.TerminateChild terminate -> {
        Child child = running().get(terminate.pid());
        if (child == null) {
          answer(from, ChildAnswer.NOT_FOUND);
        } else {
          stop(child, () -> answer(from, ChildAnswer.OK));
        }
      }
      case DynamicSupervisor.WhichChildren _ -> answer(from, look());
      case DynamicSupervisor.CountChildren _ -> {
        int supervisors = 0;
        for (Child child : running().values()) {
          supervisors += child.spec.type() == ChildSpec.Type.SUPERVISOR ? 1 : 0;
        }
        for (Child child : restarting) {
          supervisors += child.spec.type() == ChildSpec.Type.SUPERVISOR ? 1 : 0;
        }
        int active = running().size();
        int specs = active + restarting.size();
        answer(from, new ChildCount(specs, active, supervisors, specs - supervisors));
      }
    }
  }

  private void startChild(ChildSpec spec, From<?> from) {
    if (running().size() + restarting.size() + starts >= maxChildren) {
      answer(from, SupervisorProcess.refusal(ChildAnswer.MAX_CHILDREN));
      return;
    }
    Child child = new Child(spec);
    starts++;
    start(
        child,
        result -> {
          starts--;
          if (isStopping()) {
            stop(child, () -> {});
          }
          answer(from, result);
        });
  }
}
