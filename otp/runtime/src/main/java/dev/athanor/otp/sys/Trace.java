package dev.athanor.otp.sys;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.Behavior.What;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.ProcessInfo;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A trace of what one or many processes do, which ends by itself: after so many events, after so
/// long, or when the last of its processes is gone. Safe to use on a system under load: nothing is
/// left behind when it has ended.
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
    /// All its processes are gone, or there were none.
    GONE,
    /// It was closed.
    CLOSED,
    /// The consumer threw.
    FAILED
  }

  private final List<Pid<?>> pids;
  private final TraceSpec spec;
  private final Consumer<TraceEvent> consumer;
  private final AtomicInteger left;
  private final AtomicInteger alive;
  private final CompletableFuture<End> ended = new CompletableFuture<>();

  private Trace(List<Pid<?>> pids, TraceSpec spec, Consumer<TraceEvent> consumer) {
    this.pids = pids;
    this.spec = spec;
    this.consumer = consumer;
    this.left = new AtomicInteger(spec.limit());
    this.alive = new AtomicInteger(pids.size());
  }

  /// Traces one process.
  ///
  /// @param pid the process
  /// @param spec limits
  /// @param consumer told of every event, on the thread of the process; must be quick and must not
  ///   block
  /// @return the trace, which begins when the process comes to it
  public static Trace of(Pid<?> pid, TraceSpec spec, Consumer<TraceEvent> consumer) {
    return new Trace(List.of(pid), spec, consumer).begin();
  }

  /// Traces all live processes of a kind; such as are spawned later are not traced.
  ///
  /// @param node where
  /// @param which which of them: by name, class of the callbacks, length of the mailbox
  /// @param spec limits, for all processes together
  /// @param consumer told of every event, on the threads of the processes, of several at once: must
  ///   be safe for that, quick, and must not block
  /// @return the trace, which begins when each process comes to it
  public static Trace matching(
      Node node, Predicate<ProcessInfo> which, TraceSpec spec, Consumer<TraceEvent> consumer) {
    List<Pid<?>> pids = node.processes().filter(pid -> which.test(node.info(pid))).toList();
    return new Trace(pids, spec, consumer).begin();
  }

  /// Which processes it was begun on.
  ///
  /// @return the processes
  public List<Pid<?>> processes() {
    return pids;
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

  private Trace begin() {
    if (spec.time() != null && !pids.isEmpty()) {
      Limit limit = new Limit();
      pids.getFirst().node().arm(limit, spec.time());
      var _ = ended.whenComplete((end, failure) -> limit.disarm());
    }
    for (Pid<?> pid : pids) {
      pid.node().system(pid, new Entry());
    }
    if (pids.isEmpty()) {
      end(End.GONE);
    }
    return this;
  }

  private void end(End why) {
    if (ended.complete(why)) {
      for (Pid<?> pid : pids) {
        pid.node().system(pid, new Leave());
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
      gone();
    }
    return true;
  }

  private void gone() {
    if (alive.decrementAndGet() == 0) {
      end(End.GONE);
    }
  }

  private final class Entry implements Behavior.SystemRequest {
    @Override
    public void serve(Behavior.Live process) {
      if (!ended.isDone()) {
        DebugTools.add(process, Trace.this, new Ears());
      }
    }

    @Override
    public void refused(ExitReason reason) {
      gone();
    }
  }

  private final class Ears implements DebugTools.Tool {
    @Override
    public boolean saw(TraceEvent event) {
      return Trace.this.saw(event);
    }

    @Override
    public void cleared() {
      gone();
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
    return "trace of " + pids.size() + " processes";
  }
}
