package dev.athanor.otp.sys;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.Behavior.What;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.ProcessInfo;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A trace of what one process does, or all that fit a pattern, which ends by itself: after so many
/// events, after so long, or when its one process is gone. Safe to use on a system under load:
/// nothing is left behind when it has ended.
///
/// Corresponds to what `sys:trace/2` and the tools on top of Erlang's `dbg` with limits (recon,
/// redbug) are used for. May be used from any thread.
public final class Trace implements AutoCloseable {
  /// Why a trace ended.
  public enum End {
    /// It had as many events as it wanted.
    LIMIT,
    /// Its time was over.
    TIME,
    /// Its one process is gone; a pattern goes on without any.
    GONE,
    /// It was closed.
    CLOSED,
    /// The consumer threw, or the pattern.
    FAILED
  }

  private final Node node;

  /// The pattern; null for a trace of one process.
  private final @Nullable Predicate<ProcessInfo> which;

  private final TraceSpec spec;
  private final Consumer<TraceEvent> consumer;

  /// Whom it has come to or is on its way to.
  private final Set<Pid<?>> pids = ConcurrentHashMap.newKeySet();

  private final AtomicInteger left;
  private final CompletableFuture<End> ended = new CompletableFuture<>();

  private Trace(
      Node node,
      @Nullable Predicate<ProcessInfo> which,
      TraceSpec spec,
      Consumer<TraceEvent> consumer) {
    this.node = node;
    this.which = which;
    this.spec = spec;
    this.consumer = consumer;
    this.left = new AtomicInteger(spec.limit());
  }

  /// Traces one process.
  ///
  /// @param pid the process
  /// @param spec limits
  /// @param consumer told of every event, on the thread of the process; must be quick and must not
  ///   block
  /// @return the trace, which begins when the process comes to it
  public static Trace of(Pid<?> pid, TraceSpec spec, Consumer<TraceEvent> consumer) {
    Trace trace = new Trace(pid.node(), null, spec, consumer);
    trace.limitTime();
    trace.enter(pid);
    return trace;
  }

  /// Traces all processes of a kind, those that live and those that are spawned while it lasts.
  ///
  /// @param node where
  /// @param which which of them: by name, class of the callbacks, length of the mailbox; asked once
  ///   of each, on its thread, of a new one after its start
  /// @param spec limits, for all processes together
  /// @param consumer told of every event, on the threads of the processes, of several at once: must
  ///   be safe for that, quick, and must not block
  /// @return the trace, which begins when each process comes to it
  public static Trace matching(
      Node node, Predicate<ProcessInfo> which, TraceSpec spec, Consumer<TraceEvent> consumer) {
    Trace trace = new Trace(node, which, spec, consumer);
    trace.limitTime();
    Runnable noMore = node.onSpawn(trace::enter);
    var _ = trace.ended.whenComplete((end, failure) -> noMore.run());
    node.processes().forEach(trace::enter);
    return trace;
  }

  /// How many events it has had.
  ///
  /// @return the count, at most the limit
  public int events() {
    return spec.limit() - Math.max(0, left.get());
  }

  /// Completes when it has ended.
  ///
  /// @return why it ended
  public CompletionStage<End> ended() {
    return ended.minimalCompletionStage();
  }

  /// Ends it. An event that is under way on another thread may still come.
  @Override
  public void close() {
    end(End.CLOSED);
  }

  private void limitTime() {
    if (spec.time() != null) {
      Limit limit = new Limit();
      node.arm(limit, spec.time());
      var _ = ended.whenComplete((end, failure) -> limit.disarm());
    }
  }

  private void enter(Pid<?> pid) {
    if (pids.add(pid)) {
      node.system(pid, new Entry(pid));
    }
  }

  private void end(End why) {
    if (Node.complete(ended, why)) {
      for (Pid<?> pid : pids) {
        node.system(pid, new Leave());
      }
    }
  }

  private boolean saw(TraceEvent event) {
    if (ended.isDone()) {
      return false;
    }
    What what = event.event().what();
    if (spec.kinds().contains(what)) {
      int rest = left.getAndDecrement();
      if (rest <= 0) {
        return false;
      }
      try {
        consumer.accept(event);
      } catch (Throwable failure) {
        end(End.FAILED);
        throw failure;
      }
      if (rest == 1) {
        end(End.LIMIT);
        return false;
      }
    }
    if (what == What.EXIT) {
      gone(event.pid());
    }
    return true;
  }

  private void gone(Pid<?> pid) {
    pids.remove(pid);
    if (which == null) {
      end(End.GONE);
    }
  }

  private final class Entry implements Behavior.SystemRequest {
    private final Pid<?> pid;

    Entry(Pid<?> pid) {
      this.pid = pid;
    }

    @Override
    public void serve(Behavior.Live process) {
      if (ended.isDone()) {
        return;
      }
      boolean wanted;
      try {
        wanted = which == null || which.test(node.info(pid));
      } catch (Throwable failure) {
        end(End.FAILED);
        return;
      }
      if (wanted) {
        DebugTools.add(process, Trace.this, new Ears(pid));
      } else {
        pids.remove(pid);
      }
    }

    @Override
    public void refused(ExitReason reason) {
      gone(pid);
    }
  }

  private final class Ears implements DebugTools.Tool {
    private final Pid<?> pid;

    Ears(Pid<?> pid) {
      this.pid = pid;
    }

    @Override
    public boolean saw(TraceEvent event) {
      return Trace.this.saw(event);
    }

    @Override
    public void cleared() {
      gone(pid);
    }
  }

  private final class Leave implements Behavior.SystemRequest {
    @Override
    public void serve(Behavior.Live process) {
      DebugTools.remove(process, Trace.this);
    }

    @Override
    public void refused(ExitReason reason) {}
  }

  private final class Limit extends Node.Deadline {
    @Override
    protected void expired() {
      end(End.TIME);
    }
  }

  @Override
  public String toString() {
    return "trace of " + pids.size() + (pids.size() == 1 ? " process" : " processes");
  }
}
