package dev.athanor.otp.process;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A local process: its pid, its mailbox and its run loop in one object (56 bytes with compact
/// headers).
///
/// The mailbox. Senders push envelopes onto `inbox`, a lock-free stack (Treiber, 1986). The process
/// takes the whole stack with one exchange, reverses it and appends it to the private queue `head`
/// .. `tail`; so pushes never contend with the queue and order is kept per sender. The bottom of
/// the stack tells what state the process is in, so that no separate run flag is needed:
///
/// - `null`: idle. Whoever replaces null by an envelope hands the process to its lane.
/// - BUSY: in its lane or in a turn. A push changes the stack and nothing else.
/// - DEAD: ended. Nothing can be pushed any more.
///
/// A turn ends by exchanging BUSY for null; if that fails something was pushed and the turn goes
/// on. The exchange releases everything the turn wrote; the push that finds null acquires it, and
/// the lane passes it on: fields without a comment belong to the turns and are plain.
///
/// Signals act when they are taken in, ahead of messages that wait in the queue; `urgent` asks for
/// a look at the inbox between two messages, so that a kill does not wait for the budget.
sealed class Cell<M> extends SelfCalls<M> implements Runnable, Behavior.Live permits WiredCell {
  private static final Envelope BUSY = new Envelope("busy");
  private static final Envelope DEAD = new Envelope("dead");

  private static final byte STARTED = 1;
  private static final byte TRAPS = 2;
  private static final byte ENDING = 4;
  private static final byte ENTERED = 8;
  private static final byte FAILED_START = 16;
  private static final byte SUSPENDED = 32;

  private static final VarHandle INBOX;
  private static final VarHandle URGENT;
  private static final VarHandle EXTRAS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      INBOX = lookup.findVarHandle(Cell.class, "inbox", Envelope.class);
      URGENT = lookup.findVarHandle(Cell.class, "urgent", boolean.class);
      EXTRAS = lookup.findVarHandle(Cell.class, "extras", Extras.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// One place in a mailbox. The next of a published envelope never changes until the receiver
  /// takes it.
  static final class Envelope {
    Object payload;
    @Nullable Envelope next;

    Envelope(Object payload) {
      this.payload = payload;
    }
  }

  /// Guarded by the lock of its shard of the process table.
  int place;

  private final Strand strand;

  /// Compare-and-set by senders, exchanged by the turns.
  private volatile @Nullable Envelope inbox = BUSY;

  /// Set by senders after a push (release), read by the turns (opaque).
  @SuppressWarnings("unused")
  private boolean urgent;

  /// Set once, by compare-and-set, by whoever needs it first.
  private volatile @Nullable Extras extras;

  private @Nullable Envelope head;
  private @Nullable Envelope tail;
  private Behavior<M> behavior;
  private long handled;
  private byte flags;

  Cell(long id, Strand strand, Behavior<M> behavior, boolean trapExit) {
    super(id);
    this.strand = strand;
    this.behavior = behavior;
    this.flags = trapExit ? TRAPS : 0;
  }

  // ---- sending -------------------------------------------------------------------------------

  @Override
  public void send(M message) {
    if (!push(message)) {
      Exits.undelivered(this, message, ExitReason.NO_PROCESS);
    }
  }

  /// Puts anything into the inbox.
  ///
  /// @return false when the process is dead
  @Override
  boolean push(Object payload) {
    Envelope envelope = new Envelope(java.util.Objects.requireNonNull(payload, "message"));
    while (true) {
      Envelope top = inbox;
      if (top == DEAD) {
        return false;
      }
      envelope.next = top;
      if (INBOX.compareAndSet(this, top, envelope)) {
        if (top == null) {
          strand.lane().execute(this);
        }
        return true;
      }
    }
  }

  void pushOrRefuse(Control control) {
    if (!push(control)) {
      control.refused(this);
    }
  }

  void signalExit(Signals.Exit exit) {
    if (push(exit)) {
      URGENT.setRelease(this, true);
    }
  }

  /// Runs the first turn; whoever made the cell calls this once.
  void launch() {
    strand.lane().execute(this);
  }

  // ---- turns ---------------------------------------------------------------------------------

  @Override
  public void run() {
    Carrier carrier = Carrier.current();
    Cell<?> outer = carrier.cell;
    carrier.cell = this;
    try {
      turn(strand.node());
    } finally {
      carrier.cell = outer;
    }
  }

  private void turn(Node node) {
    if ((flags & STARTED) == 0) {
      start();
    }
    int budget = node.turnBudget();
    long deadline = 0;
    for (int n = 0; ; ) {
      if ((flags & (ENDING | SUSPENDED)) != 0) {
        if ((flags & ENDING) != 0) {
          die();
          return;
        }
        Envelope last = head == null ? null : tail;
        if (n++ == budget) {
          strand.lane().execute(this);
          return;
        }
        if (takeIn()) {
          sweep(last);
        } else if (INBOX.compareAndSet(this, BUSY, null)) {
          return;
        }
        continue;
      }
      Envelope envelope = head;
      if (envelope == null || (boolean) URGENT.getOpaque(this)) {
        if (takeIn() || envelope != null) {
          continue;
        }
        if (INBOX.compareAndSet(this, BUSY, null)) {
          return;
        }
        continue;
      }
      if (n == budget) {
        strand.lane().execute(this);
        return;
      }
      if ((n & 7) == 7) {
        long now = node.scheduler().nanoTime();
        if (deadline == 0) {
          deadline = now + node.turnSliceNanos();
        } else if (now - deadline >= 0) {
          strand.lane().execute(this);
          return;
        }
      }
      n++;
      head = envelope.next;
      handled++;
      dispatch(envelope.payload);
    }
  }

  private void start() {
    flags |= STARTED;
    takeIn();
    if ((flags & ENDING) == 0) {
      flags |= ENTERED;
      try {
        behavior.onStart(this);
      } catch (Throwable failure) {
        crash(failure);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private void dispatch(Object payload) {
    try {
      if (payload instanceof Control control) {
        control.handle(this);
      } else {
        behavior.onMessage(this, (M) payload);
      }
    } catch (Throwable failure) {
      crash(failure);
    }
  }

  void deliver(Signal signal) throws Exception {
    behavior.onSignal(this, signal);
  }

  /// Empties the inbox into the queue.
  ///
  /// @return whether there was anything in it
  private boolean takeIn() {
    URGENT.setOpaque(this, false);
    if (inbox == BUSY) {
      return false;
    }
    Envelope taken = (Envelope) INBOX.getAndSet(this, BUSY);
    Envelope first = null;
    while (taken != null && taken != BUSY) {
      Envelope next = taken.next;
      taken.next = first;
      first = taken;
      taken = next;
    }
    while (first != null) {
      Envelope next = first.next;
      first.next = null;
      append(first);
      first = next;
    }
    return true;
  }

  private void append(Envelope envelope) {
    if (envelope.payload instanceof Control control && (flags & ENDING) == 0) {
      Object queued = control.arrive(this);
      if (queued == null) {
        return;
      }
      envelope.payload = queued;
    }
    if (head == null) {
      head = envelope;
    } else {
      java.util.Objects.requireNonNull(tail).next = envelope;
    }
    tail = envelope;
  }

  // ---- system requests -------------------------------------------------------------------------

  void serve(Behavior.SystemRequest request) {
    behavior.onSystem(this, request);
  }

  /// While suspended: serves, among what waits behind `last` (null: among everything), what does
  /// not wait for the end of the suspension. What waits before it was looked at already.
  void sweep(@Nullable Envelope last) {
    Envelope before = last;
    Envelope next = before == null ? head : before.next;
    while (next != null && (flags & (SUSPENDED | ENDING)) == SUSPENDED) {
      Envelope after = next.next;
      Object payload = next.payload;
      if (payload instanceof SystemCall || endsSuspension(payload)) {
        if (before == null) {
          head = after;
        } else {
          before.next = after;
        }
        if (after == null) {
          tail = before;
        }
        handled++;
        serveSuspended(payload);
      } else {
        before = next;
      }
      next = after;
    }
  }

  private boolean endsSuspension(Object payload) {
    return payload instanceof Control control
        ? control instanceof Signals.Delivery delivery && behavior.endsSuspension(delivery.signal())
        : behavior.endsSuspension(payload);
  }

  private void serveSuspended(Object payload) {
    if (payload instanceof SystemCall call) {
      try {
        serve(call.request());
      } catch (Throwable failure) {
        crash(failure);
      }
    } else {
      resume();
      dispatch(payload);
    }
  }

  @Override
  public Behavior.Inside inside() {
    return behavior.inside();
  }

  @Override
  public long handled() {
    return handled;
  }

  @Override
  public boolean suspended() {
    return (flags & SUSPENDED) != 0;
  }

  @Override
  public void suspend() {
    flags |= SUSPENDED;
  }

  @Override
  public void resume() {
    flags &= ~SUSPENDED;
  }

  @Override
  public Behavior.@Nullable Watcher watcher() {
    return behavior instanceof Watched<M> watched ? watched.watcher() : inside().watcher();
  }

  @Override
  public void watch(Behavior.@Nullable Watcher watcher) {
    if (!inside().watch(watcher)) {
      Behavior<M> bare = Watched.bare(behavior);
      behavior = watcher == null ? bare : new Watched<>(bare, watcher);
    }
  }

  @Override
  public void terminate(ExitReason reason) {
    resume();
    if (!inside().terminate(reason)) {
      end(reason);
    }
  }

  // ---- ending --------------------------------------------------------------------------------

  @Override
  void end(ExitReason reason) {
    if ((flags & ENDING) == 0) {
      flags |= ENDING;
      extras().ending = reason;
    }
  }

  private void crash(Throwable failure) {
    end(new ExitReason.Crashed(failure));
  }

  private void die() {
    ExitReason reason = java.util.Objects.requireNonNull(extras().ending);
    if ((flags & ENTERED) != 0 && !(reason instanceof ExitReason.Killed)) {
      try {
        behavior.onExit(this, reason);
      } catch (Throwable failure) {
        reason = new ExitReason.Crashed(failure);
      }
    }
    Behavior<M> acted = behavior;
    Exits.release(this, reason);
    strand.node().table().remove(this);
    Envelope rest = (Envelope) INBOX.getAndSet(this, DEAD);
    Envelope queued = head;
    head = null;
    tail = null;
    behavior = Exits.gone();
    Exits.refuse(this, reason, queued);
    Exits.refuseReversed(this, reason, rest, BUSY);
    Exits.announce(
        this,
        reason,
        (flags & FAILED_START) != 0 ? Signals.Exit.Via.FAILED_START : Signals.Exit.Via.LINK,
        Watched.bare(acted));
    acted.onGone(this, reason);
  }

  // ---- what signals and the node ask -----------------------------------------------------------

  @Override
  Extras extras() {
    Extras current = extras;
    if (current == null) {
      Extras fresh = new Extras();
      current = (Extras) EXTRAS.compareAndExchange(this, null, fresh);
      if (current == null) {
        current = fresh;
      }
    }
    return current;
  }

  @Override
  Cell<M> cell() {
    return this;
  }

  @Override
  boolean trapsExit() {
    return (flags & TRAPS) != 0;
  }

  @Override
  void setTrapExit(boolean trap) {
    flags = (byte) (trap ? flags | TRAPS : flags & ~TRAPS);
  }

  @Override
  void endStart(ExitReason reason) {
    flags |= FAILED_START;
    end(reason);
  }

  @Override
  boolean removeLink(Cell<?> other) {
    Extras own = extras();
    if (!RefSet.contains(own.links, other)) {
      return false;
    }
    own.links = RefSet.remove(own.links, other);
    return true;
  }

  java.util.List<Pid<?>> callers() {
    Extras current = extras;
    return current == null ? java.util.List.of() : current.callers;
  }

  ProcessInfo info() {
    Envelope top = inbox;
    long waiting = 0;
    for (Envelope e = top; e != null && e != BUSY && e != DEAD; e = e.next) {
      waiting++;
    }
    for (Envelope e = head; e != null; e = e.next) {
      waiting++;
    }
    ProcessInfo.Status status =
        top == DEAD
            ? ProcessInfo.Status.EXITED
            : top == null ? ProcessInfo.Status.WAITING : ProcessInfo.Status.RUNNABLE;
    return Exits.info(
        this,
        status,
        strand.lane().kind(),
        Watched.bare(behavior),
        waiting,
        handled,
        trapsExit(),
        extras);
  }

  // ---- Pid -----------------------------------------------------------------------------------

  @Override
  public Node node() {
    return strand.node();
  }

  @Override
  public boolean isAlive() {
    return inbox != DEAD;
  }
}
