package dev.athanor.otp.supervisor;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.StartResult;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The process under [Supervisor]: children with ids, in the order of their start.
final class SupervisorProcess extends Keeper<Supervisor.Command> {
  private final SupervisorSpec spec;
  private final Map<Object, Child> children = new LinkedHashMap<>();

  SupervisorProcess(SupervisorSpec spec) {
    super(spec.intensity(), spec.period());
    this.spec = spec;
  }

  @Override
  void startUp(CompletableFuture<InitResult<Up>> decision) {
    for (ChildSpec child : spec.children()) {
      children.put(child.id(), new Child(child));
    }
    startEach(
        List.copyOf(children.values()),
        (failed, reason) -> {
          if (failed == null) {
            decision.complete(InitResult.ok(Up.UP));
            done();
          } else {
            stopAll(
                () -> {
                  decision.complete(
                      InitResult.stop(
                          ExitReason.shutdown(new FailedToStart(failed.spec.id(), reason))));
                  done();
                });
          }
        });
  }

  @Override
  List<ChildInfo> look() {
    return List.copyOf(children.values().stream().map(Child::info).toList().reversed());
  }

  @Override
  void stopAll(Runnable then) {
    stopEach(List.copyOf(children.values()), then);
  }

  // ---- the end of a child --------------------------------------------------------------------

  @Override
  void ended(Child child, ExitReason reason) {
    boolean again =
        switch (child.spec.restart()) {
          case PERMANENT -> true;
          case TRANSIENT -> !reason.isOrderly();
          case TEMPORARY -> false;
        };
    if (again) {
      restart(child);
      return;
    }
    if (child.spec.restart() == Restart.TEMPORARY) {
      children.remove(child.spec.id());
    }
    if (child.spec.significant() && endsSupervisor()) {
      leave();
    }
    done();
  }

  private boolean endsSupervisor() {
    return switch (spec.autoShutdown()) {
      case NEVER -> false;
      case ANY_SIGNIFICANT -> true;
      case ALL_SIGNIFICANT ->
          children.values().stream()
              .noneMatch(
                  other -> other.spec.significant() && (other.pid != null || other.restarting));
    };
  }

  private void restart(Child child) {
    if (!mayRestart(child)) {
      done();
      return;
    }
    switch (spec.strategy()) {
      case ONE_FOR_ONE -> startAgain(List.of(child));
      case ONE_FOR_ALL -> renew(new ArrayList<>(children.values()));
      case REST_FOR_ONE -> {
        List<Child> rest = new ArrayList<>();
        for (Child other : children.values()) {
          if (other == child || !rest.isEmpty()) {
            rest.add(other);
          }
        }
        renew(rest);
      }
    }
  }

  private void renew(List<Child> affected) {
    stopEach(
        affected,
        () -> {
          List<Child> wanted = new ArrayList<>();
          for (Child child : affected) {
            if (child.spec.restart() == Restart.TEMPORARY) {
              children.remove(child.spec.id());
            } else {
              wanted.add(child);
            }
          }
          startAgain(wanted);
        });
  }

  private void startAgain(List<Child> wanted) {
    startEach(
        wanted,
        (failed, reason) -> {
          if (failed != null) {
            failed.restarting = true;
            enqueueLater(() -> tryAgain(failed));
          }
          done();
        });
  }

  private void tryAgain(Child child) {
    if (child.restarting && children.get(child.spec.id()) == child) {
      restart(child);
    } else {
      done();
    }
  }

  // ---- several children ----------------------------------------------------------------------

  @FunctionalInterface
  private interface AfterStarts {
    void all(@Nullable Child failed, ExitReason reason);
  }

  private void startEach(List<Child> wanted, AfterStarts then) {
    Iterator<Child> rest = wanted.iterator();
    sequence(
        rest,
        (child, next) -> {
          if (isStopping()) {
            done();
            return;
          }
          start(
              child,
              result -> {
                ExitReason failure = failureOf(result);
                if (failure != null) {
                  then.all(child, failure);
                } else {
                  forgetIgnored(child);
                  next.run();
                }
              });
        },
        () -> then.all(null, ExitReason.NORMAL));
  }

  private void forgetIgnored(Child child) {
    if (child.pid == null && child.spec.restart() == Restart.TEMPORARY) {
      children.remove(child.spec.id());
    }
  }

  private static @Nullable ExitReason failureOf(StartResult<?> result) {
    return switch (result) {
      case StartResult.Started<?> _, StartResult.Ignored<?> _ -> null;
      case StartResult.Failed<?> failed -> failed.reason();
      case StartResult.AlreadyStarted<?> other -> ExitReason.of(other);
    };
  }

  private void stopEach(List<Child> unwanted, Runnable then) {
    sequence(unwanted.reversed().iterator(), this::stop, then);
  }

  // ---- calls ---------------------------------------------------------------------------------

  @Override
  void serve(Supervisor.Command request, From<?> from) {
    switch (request) {
      case Supervisor.StartChild start -> enqueue(() -> startChild(start.spec(), from));
      case Supervisor.TerminateChild terminate ->
          enqueue(() -> terminateChild(terminate.id(), from));
      case Supervisor.RestartChild restart -> enqueue(() -> restartChild(restart.id(), from));
      case Supervisor.DeleteChild delete -> enqueue(() -> deleteChild(delete.id(), from));
      case Supervisor.FindChild find -> {
        Child child = children.get(find.id());
        answer(
            from,
            child == null
                ? new Supervisor.Found(null, null, List.copyOf(children.keySet()))
                : new Supervisor.Found(child.spec, child.pid, List.of()));
      }
      case Supervisor.WhichChildren _ ->
          enqueue(
              () -> {
                answer(from, look());
                done();
              });
      case Supervisor.CountChildren _ ->
          enqueue(
              () -> {
                int supervisors =
                    (int)
                        children.values().stream()
                            .filter(child -> child.spec.type() == ChildSpec.Type.SUPERVISOR)
                            .count();
                answer(
                    from,
                    new ChildCount(
                        children.size(),
                        running().size(),
                        supervisors,
                        children.size() - supervisors));
                done();
              });
    }
  }

  private void startChild(ChildSpec wanted, From<?> from) {
    Child known = children.get(wanted.id());
    if (known != null) {
      answer(
          from,
          known.pid != null
              ? new StartResult.AlreadyStarted<>(known.pid)
              : refusal(known.restarting ? ChildAnswer.RESTARTING : ChildAnswer.ALREADY_PRESENT));
      done();
      return;
    }
    try {
      SupervisorSpec.checkSignificance(wanted, spec.autoShutdown());
    } catch (IllegalArgumentException bad) {
      answer(from, new StartResult.Failed<>(new ExitReason.Crashed(bad)));
      done();
      return;
    }
    Child child = new Child(wanted);
    children.put(wanted.id(), child);
    start(
        child,
        result -> {
          if (failureOf(result) != null) {
            children.remove(wanted.id());
          } else {
            forgetIgnored(child);
          }
          answer(from, result);
          done();
        });
  }

  private void restartChild(Object id, From<?> from) {
    Child child = children.get(id);
    ChildAnswer obstacle =
        child == null
            ? ChildAnswer.NOT_FOUND
            : child.pid != null
                ? ChildAnswer.RUNNING
                : child.restarting ? ChildAnswer.RESTARTING : ChildAnswer.OK;
    if (child == null || obstacle != ChildAnswer.OK) {
      answer(from, refusal(obstacle));
      done();
      return;
    }
    start(
        child,
        result -> {
          answer(from, result);
          done();
        });
  }

  private void terminateChild(Object id, From<?> from) {
    Child child = children.get(id);
    if (child == null) {
      answer(from, ChildAnswer.NOT_FOUND);
      done();
      return;
    }
    child.restarting = false;
    stop(
        child,
        () -> {
          if (child.spec.restart() == Restart.TEMPORARY) {
            children.remove(id);
          }
          answer(from, ChildAnswer.OK);
          done();
        });
  }

  private void deleteChild(Object id, From<?> from) {
    Child child = children.get(id);
    ChildAnswer answer;
    if (child == null) {
      answer = ChildAnswer.NOT_FOUND;
    } else if (child.pid != null) {
      answer = ChildAnswer.RUNNING;
    } else if (child.restarting) {
      answer = ChildAnswer.RESTARTING;
    } else {
      children.remove(id);
      answer = ChildAnswer.OK;
    }
    answer(from, answer);
    done();
  }

  static StartResult<?> refusal(ChildAnswer answer) {
    return new StartResult.Failed<>(ExitReason.of(answer));
  }
}
