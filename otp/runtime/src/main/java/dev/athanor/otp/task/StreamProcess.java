package dev.athanor.otp.task;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The process between a stream's owner and its tasks: begins tasks while there is room, puts
/// outcomes in order and hands them out. It traps exits exactly if its owner does, so that a crash
/// passes through it as it would through a direct link.
final class StreamProcess<I, R extends @Nullable Object> implements Behavior<Object> {
  /// Somebody takes whatever is there; an empty list is the end.
  record Pull<I, R extends @Nullable Object>(
      CompletableFuture<List<TaskStream.Element<I, R>>> elements) implements Pid.Undelivered {
    @Override
    public void undelivered(Pid<?> receiver, ExitReason reason) {
      Node.fail(elements, new TaskExit(reason));
    }
  }

  private record Late(int index) implements Pid.Undelivered {
    @Override
    public void undelivered(Pid<?> receiver, ExitReason reason) {}
  }

  /// One task at work.
  private static final class Running<I, R extends @Nullable Object> extends Node.Deadline {
    final Pid<Object> stream;
    final int index;
    final I input;
    final Task<R> task;
    boolean late;

    Running(Pid<Object> stream, int index, I input, Task<R> task) {
      this.stream = stream;
      this.index = index;
      this.input = input;
      this.task = task;
    }

    @Override
    protected void expired() {
      stream.send(new Late(index));
    }
  }

  private final Iterator<? extends I> inputs;
  private final Function<? super I, ? extends Work<R>> work;
  private final TaskStream.Options options;
  private final @Nullable Pid<?> owner;
  private final List<Pid<?>> callers;
  private final Map<Integer, Running<I, R>> running = new HashMap<>();
  private final Map<Integer, TaskStream.Element<I, R>> early = new HashMap<>();
  private final Deque<TaskStream.Element<I, R>> ready = new ArrayDeque<>();
  private @Nullable CompletableFuture<List<TaskStream.Element<I, R>>> all;
  private @Nullable CompletableFuture<List<TaskStream.Element<I, R>>> pull;
  private int begun;
  private int delivered;

  StreamProcess(
      Iterator<? extends I> inputs,
      Function<? super I, ? extends Work<R>> work,
      TaskStream.Options options,
      @Nullable Pid<?> owner,
      List<Pid<?>> callers) {
    this.inputs = inputs;
    this.work = work;
    this.options = options;
    this.owner = owner;
    this.callers = callers;
  }

  /// Asks, before the process is spawned, for everything in one list.
  CompletableFuture<List<TaskStream.Element<I, R>>> collected() {
    CompletableFuture<List<TaskStream.Element<I, R>>> list = new CompletableFuture<>();
    all = list;
    return list;
  }

  @Override
  public void onStart(Self<Object> self) {
    if (owner != null) {
      self.monitor(owner);
    }
    go(self);
  }

  @Override
  @SuppressWarnings("unchecked")
  public void onMessage(Self<Object> self, Object message) {
    if (message instanceof Pull<?, ?> asked) {
      pull = ((Pull<I, R>) asked).elements();
      go(self);
    } else if (message instanceof Late late) {
      Running<I, R> slow = running.get(late.index());
      if (slow != null) {
        switch (options.onTimeout()) {
          case EXIT -> self.exit(Task.LATE);
          case KILL -> {
            slow.late = true;
            slow.task.quit(ExitReason.KILLED);
          }
        }
      }
    }
  }

  @Override
  public void onSignal(Self<Object> self, Signal signal) {
    switch (signal) {
      case Signal.Down _ -> self.exit(ExitReason.SHUTDOWN);
      case Signal.Exit exit -> {
        if (exit.from().equals(owner)) {
          self.exit(
              exit.reason() instanceof ExitReason.Normal ? ExitReason.SHUTDOWN : exit.reason());
        }
      }
    }
  }

  private void go(Self<Object> self) {
    deliver();
    int room = options.maxConcurrency();
    while (running.size() < room
        && (all != null || ready.size() + early.size() < room)
        && inputs.hasNext()) {
      begin(self, inputs.next());
    }
    boolean taken = all != null || (pull != null && ready.isEmpty());
    if (taken && running.isEmpty() && early.isEmpty() && !inputs.hasNext()) {
      self.exit(ExitReason.NORMAL);
    }
  }

  private void begin(Self<Object> self, I input) {
    Work<R> wanted = work.apply(input);
    Task<R> task =
        options.supervisor() == null
            ? Task.linked(self, wanted, callers, false)
            : TaskSupervisor.adopted(
                options.supervisor(), Task.unlinked(self.node(), wanted, callers, true));
    Running<I, R> begunNow = new Running<>(self.pid(), begun++, input, task);
    running.put(begunNow.index, begunNow);
    if (options.timeout() != null) {
      self.node().arm(begunNow, options.timeout());
    }
    self.await(task.ended(), (outcome, failure) -> ended(self, begunNow, outcome));
  }

  private void ended(Self<Object> self, Running<I, R> task, Task.@Nullable Outcome<R> outcome) {
    task.disarm();
    running.remove(task.index);
    Task.Outcome<R> known =
        outcome == null || (task.late && outcome instanceof Task.Outcome.Exit<R>)
            ? new Task.Outcome.Exit<>(Task.LATE)
            : outcome;
    TaskStream.Element<I, R> element = new TaskStream.Element<>(task.input, known);
    if (options.ordered()) {
      early.put(task.index, element);
      for (TaskStream.Element<I, R> next = early.remove(delivered);
          next != null;
          next = early.remove(delivered)) {
        ready.add(next);
        delivered++;
      }
    } else {
      ready.add(element);
    }
    go(self);
  }

  private void deliver() {
    if (pull != null && !ready.isEmpty()) {
      CompletableFuture<List<TaskStream.Element<I, R>>> asked = pull;
      pull = null;
      Node.complete(asked, List.of(ready.remove()));
    }
  }

  @Override
  public void onGone(Pid<Object> pid, ExitReason reason) {
    running.values().forEach(Running::disarm);
    running.values().forEach(task -> task.task.quit(ExitReason.SHUTDOWN));
    CompletableFuture<List<TaskStream.Element<I, R>>> asked = pull != null ? pull : all;
    if (asked == null) {
      return;
    }
    if (reason instanceof ExitReason.Normal) {
      Node.complete(asked, new ArrayList<>(ready));
    } else {
      Node.fail(asked, new TaskExit(reason));
    }
  }
}
