package dev.athanor.otp.process;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The controls that processes send each other: linking, exiting, watching, continuing.
///
/// Links are kept on both sides and changed by signals, as between Erlang nodes. Whoever unlinks
/// ignores the other's link requests and link exits until the other has confirmed, so that an
/// unlink that crosses a link leaves both sides with the same answer. An exit signal over a link
/// the receiver does not have is ignored.
final class Signals {
  private Signals() {}

  static final class Link extends Control {
    private final Cell<?> from;

    Link(Cell<?> from) {
      this.from = from;
    }

    @Override
    @Nullable Object arrive(Cell<?> cell) {
      Extras extras = cell.extras();
      if (!extras.awaitsUnlink(from)) {
        extras.links = RefSet.add(extras.links, from);
      }
      return null;
    }

    @Override
    void refused(Cell<?> dead) {
      from.signal(new Exit(dead, ExitReason.NO_PROCESS, Exit.Via.LINK));
    }
  }

  static final class Unlink extends Control {
    private final Cell<?> from;

    Unlink(Cell<?> from) {
      this.from = from;
    }

    @Override
    @Nullable Object arrive(Cell<?> cell) {
      cell.removeLink(from);
      from.push(new Unlinked(cell, this));
      return null;
    }

    @Override
    void refused(Cell<?> dead) {
      from.push(new Unlinked(dead, this));
    }
  }

  static final class Unlinked extends Control {
    private final Cell<?> from;
    private final Unlink request;

    Unlinked(Cell<?> from, Unlink request) {
      this.from = from;
      this.request = request;
    }

    @Override
    @Nullable Object arrive(Cell<?> cell) {
      cell.extras().unlinked(from, request);
      return null;
    }
  }

  static final class Exit extends Control {
    enum Via {
      /// The sender ended and was linked.
      LINK,
      /// The sender was linked, started by the receiver, and ended before its start was complete:
      /// if the receiver traps exits it learns of that from the outcome of the start alone.
      FAILED_START,
      /// Sent by hand.
      REQUEST
    }

    private final @Nullable Cell<?> from;
    private final ExitReason reason;
    private final Via via;

    Exit(@Nullable Cell<?> from, ExitReason reason, Via via) {
      this.from = from;
      this.reason = Objects.requireNonNull(reason, "an exit signal needs a reason, got null");
      this.via = via;
    }

    @Override
    boolean kills() {
      return via == Via.REQUEST && reason instanceof ExitReason.Kill;
    }

    @Override
    @Nullable Object arrive(Cell<?> cell) {
      if (via != Via.REQUEST && from != null && !cell.removeLink(from)) {
        return null;
      }
      if (via == Via.REQUEST && reason instanceof ExitReason.Kill) {
        cell.end(ExitReason.KILLED);
        return null;
      }
      if (cell.trapsExit()) {
        return via == Via.FAILED_START
            ? null
            : new Delivery(new Signal.Exit(from == null ? cell : from, reason));
      }
      if (!(reason instanceof ExitReason.Normal) || from == cell) {
        cell.end(reason);
      }
      return null;
    }
  }

  /// A start took too long for whoever waits for it: the process is killed, and its parent, which
  /// learns of it otherwise, is no longer linked to it (`proc_lib:start_link/5` does the same).
  static final class Abandon extends Control {
    private final @Nullable Cell<?> parent;

    Abandon(@Nullable Cell<?> parent) {
      this.parent = parent;
    }

    @Override
    boolean kills() {
      return true;
    }

    @Override
    @Nullable Object arrive(Cell<?> cell) {
      unlink(cell);
      cell.end(ExitReason.KILLED);
      return null;
    }

    @Override
    void refused(Cell<?> dead) {
      unlink(dead);
    }

    private void unlink(Cell<?> cell) {
      if (parent != null && cell.removeLink(parent)) {
        parent.push(new Unlink(cell));
      }
    }
  }

  /// Somebody begins to watch.
  static final class Monitor extends Control {
    private final MonitorRef ref;

    Monitor(MonitorRef ref) {
      this.ref = ref;
    }

    @Override
    @Nullable Object arrive(Cell<?> cell) {
      Extras extras = cell.extras();
      extras.watchers = RefSet.add(extras.watchers, ref);
      return null;
    }

    @Override
    void refused(Cell<?> dead) {
      ref.watcher().push(new Down(ref, ExitReason.NO_PROCESS));
    }
  }

  static final class Demonitor extends Control {
    private final MonitorRef ref;

    Demonitor(MonitorRef ref) {
      this.ref = ref;
    }

    @Override
    @Nullable Object arrive(Cell<?> cell) {
      Extras extras = cell.extras();
      extras.watchers = RefSet.remove(extras.watchers, ref);
      return null;
    }
  }

  static final class Down extends Control {
    private final MonitorRef ref;
    private final ExitReason reason;

    Down(MonitorRef ref, ExitReason reason) {
      this.ref = ref;
      this.reason = reason;
    }

    @Override
    @Nullable Object arrive(Cell<?> cell) {
      Extras extras = cell.extras();
      if (!RefSet.contains(extras.monitors, ref)) {
        return null;
      }
      extras.monitors = RefSet.remove(extras.monitors, ref);
      return new Delivery(new Signal.Down(ref, ref.target(), reason));
    }
  }

  /// Somebody outside all processes waits for the end of this one.
  static final class Watch extends Control {
    private final CompletableFuture<ExitReason> ended = new CompletableFuture<>();

    CompletableFuture<ExitReason> ended() {
      return ended;
    }

    @Override
    @Nullable Object arrive(Cell<?> cell) {
      Extras extras = cell.extras();
      extras.watchers = RefSet.add(extras.watchers, this);
      return null;
    }

    @Override
    void refused(Cell<?> dead) {
      Node.complete(ended, ExitReason.NO_PROCESS);
    }
  }

  /// A signal in its place among the messages.
  static final class Delivery extends Control {
    private final Signal signal;

    Delivery(Signal signal) {
      this.signal = signal;
    }

    Signal signal() {
      return signal;
    }

    @Override
    void handle(Cell<?> cell) throws Exception {
      if (!(signal instanceof Signal.Down down && down.ref().isFlushed())) {
        cell.deliver(signal);
      }
    }
  }

  /// The outcome of a stage the process awaits.
  static final class Continuation<T extends @Nullable Object> extends Control {
    private final BiConsumer<? super @Nullable T, ? super @Nullable Throwable> action;
    private final @Nullable T value;
    private final @Nullable Throwable failure;

    Continuation(
        BiConsumer<? super @Nullable T, ? super @Nullable Throwable> action,
        @Nullable T value,
        @Nullable Throwable failure) {
      this.action = action;
      this.value = value;
      this.failure = failure;
    }

    @Override
    void handle(Cell<?> cell) {
      action.accept(value, failure);
    }
  }
}
