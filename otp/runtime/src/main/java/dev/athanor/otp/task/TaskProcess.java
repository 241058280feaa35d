package dev.athanor.otp.task;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The process of a task.
///
/// It lives on an event loop and never blocks, whatever its work does: the work is a job on a
/// thread of its own, and its outcome a message. So a task obeys exit signals at once, as a process
/// of the BEAM does in the middle of a computation; the job's thread is interrupted and what it
/// still brings is dropped. The outcome is published when the process is gone.
final class TaskProcess<T extends @Nullable Object> implements Behavior<Object> {
  /// What a task is told.
  sealed interface Order {}

  /// Its supervisor has it now.
  record Begin() implements Order {}

  /// It is to end without a word to the process it is linked to.
  ///
  /// @param reason why
  record Quit(ExitReason reason) implements Order, Pid.Undelivered {
    @Override
    public void undelivered(Pid<?> receiver, ExitReason ended) {}
  }

  private record Done(@Nullable Object value, @Nullable Throwable failure)
      implements Order, Pid.Undelivered {
    @Override
    public void undelivered(Pid<?> receiver, ExitReason ended) {}
  }

  private final Work<T> work;
  private final CompletableFuture<Task.Outcome<T>> ended;
  private final @Nullable Pid<?> owner;
  private final boolean linksItself;
  private final boolean waits;
  private @Nullable Job job;
  private Task.@Nullable Outcome<T> success;

  /// A process to spawn.
  ///
  /// @param owner whom it is linked to; null for nobody
  /// @param linksItself whether it has to make that link
  /// @param waits whether it begins when it is told to
  TaskProcess(
      Work<T> work,
      CompletableFuture<Task.Outcome<T>> ended,
      @Nullable Pid<?> owner,
      boolean linksItself,
      boolean waits) {
    this.work = work;
    this.ended = ended;
    this.owner = owner;
    this.linksItself = linksItself;
    this.waits = waits;
  }

  @Override
  public void onStart(Self<Object> self) {
    if (linksItself && owner != null) {
      self.link(owner);
    }
    if (!waits) {
      begin(self);
    }
  }

  @Override
  public void onMessage(Self<Object> self, Object message) {
    if (message instanceof Order order) {
      switch (order) {
        case Begin _ -> begin(self);
        case Done done -> finish(self, done.value(), done.failure());
        case Quit quit -> {
          if (owner != null) {
            self.unlink(owner);
          }
          self.exit(quit.reason());
        }
      }
    }
  }

  private void begin(Self<Object> self) {
    if (work instanceof StagedWork<T> staged) {
      CompletionStage<T> stage;
      try {
        stage =
            Objects.requireNonNull(
                staged.stage().begin(), "the function given to Work.stage returned null, no stage");
      } catch (Throwable failure) {
        finish(self, null, failure);
        return;
      }
      self.await(stage, (value, failure) -> finish(self, value, failure));
    } else {
      job = new Job(self.pid(), work);
      Kind kind = work instanceof ComputingWork<T> ? Kind.WORKER : Kind.VIRTUAL_THREAD;
      self.node().scheduler().lane(kind).execute(job);
    }
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // the value is what the work returned
  private void finish(Self<Object> self, @Nullable Object value, @Nullable Throwable failure) {
    if (failure == null) {
      success = new Task.Outcome.Ok<T>((T) value);
      self.exit(ExitReason.NORMAL);
    } else {
      self.exit(failure instanceof TaskExit exit ? exit.reason() : new ExitReason.Crashed(failure));
    }
  }

  @Override
  public void onGone(Pid<Object> pid, ExitReason reason) {
    if (job != null) {
      job.cancel();
    }
    Node.complete(ended, success != null ? success : new Task.Outcome.Exit<>(reason));
  }

  /// The work on its thread.
  static final class Job implements Runnable {
    static final ScopedValue<Pid<?>> CURRENT = ScopedValue.newInstance();

    private final Pid<Object> pid;
    private final Work<?> work;

    /// Guarded by this, as `cancelled` is: an interrupt must not hit the thread's next work.
    private @Nullable Thread thread;

    private boolean cancelled;

    private Job(Pid<Object> pid, Work<?> work) {
      this.pid = pid;
      this.work = work;
    }

    @Override
    public void run() {
      if (enter()) {
        ScopedValue.where(CURRENT, pid).run(() -> Node.actAs(pid, this::work));
      }
    }

    private void work() {
      Done done;
      try {
        done = new Done(work.run(), null);
      } catch (Throwable failure) {
        done = new Done(null, failure);
      }
      leave();
      pid.send(done);
    }

    private synchronized boolean enter() {
      thread = Thread.currentThread();
      return !cancelled;
    }

    private synchronized void leave() {
      thread = null;
      if (cancelled) {
        var _ = Thread.interrupted();
      }
    }

    private synchronized void cancel() {
      cancelled = true;
      if (thread != null) {
        thread.interrupt();
      }
    }
  }
}
