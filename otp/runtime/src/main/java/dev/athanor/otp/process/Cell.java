package dev.athanor.otp.process;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A local process: its pid, its mailbox and its run loop in one object (56 bytes with compact
/// headers; [Look] reads it from outside).
///
/// Signals act when they are taken in, ahead of messages that wait in the queue; `urgent` asks for
/// a look at the inbox between two messages, so that a kill does not wait for the budget.
///
/// Fields without a comment belong to the turns and are plain; how the mailbox passes them from
/// turn to turn, [Mailbox] tells.
sealed class Cell<M> extends Mailbox<M> implements Behavior.Live permits WiredCell {
  private static final byte STARTED = 1;
  private static final byte TRAPS = 2;
  private static final byte ENDING = 4;
  private static final byte ENTERED = 8;
  private static final byte SUSPENDED = 32;

  private static final byte IN_START = 1;
  private static final byte IN_MESSAGE = 2;
  private static final byte IN_SIGNAL = 3;
  private static final byte IN_CONTINUATION = 4;
  private static final byte IN_EXIT = 5;
  private static final @Nullable String[] CALLBACKS = {
    null, "onStart", "onMessage", "onSignal", "continuation", "onExit"
  };

  /// Messages between two looks at the clock, which costs as much as a short callback: every one
  /// after callbacks that took as long as this together, else more and more.
  private static final int LONGEST_STRIDE = 8;

  private static final long LONG_NANOS = 5_000;

  private static final VarHandle URGENT;
  private static final VarHandle EXTRAS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      URGENT = lookup.findVarHandle(Cell.class, "urgent", boolean.class);
      EXTRAS = lookup.findVarHandle(Cell.class, "extras", Extras.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// Guarded by the lock of its shard of the process table.
  int place;

  /// Set by senders after a push (release), read by the turns (opaque).
  @SuppressWarnings("unused")
  private boolean urgent;

  /// Set once, by compare-and-set, by whoever needs it first.
  private volatile @Nullable Extras extras;

  private @Nullable Envelope head;
  private @Nullable Envelope tail;
  private Behavior<M> behavior;
  private long handled;

  /// The callback that runs, 0 for none.
  private byte doing;

  Cell(long id, Strand strand, Behavior<M> behavior, SpawnOptions options, boolean checked) {
    super(id, strand, options, checked, options.trapExit() ? TRAPS : 0);
    this.behavior = behavior;
  }

  // ---- sending -------------------------------------------------------------------------------

  void pushOrRefuse(Control control) {
    if (!push(control)) {
      control.refused(this);
    }
  }

  /// Sends what must not wait for a turn's budget.
  void signal(Control control) {
    if (push(control)) {
      URGENT.setRelease(this, true);
      if (strand.mayBlock() && control.kills()) {
        extras().kill();
      }
    }
  }

  /// Runs the first turn; whoever made the cell calls this once.
  void launch() {
    strand.lane().execute(this);
  }

  // ---- turns ---------------------------------------------------------------------------------

  @Override
  public void run() {
    Carrier carrier = strand.enter();
    Cell<?> outer = carrier.cell;
    carrier.cell = this;
    carrier.turns++;
    try {
      if (strand.mayBlock()) {
        turnThatMayBlock(carrier.thread);
      } else {
        turn(strand.node());
      }
    } finally {
      carrier.cell = outer;
    }
  }

  private void turnThatMayBlock(Thread thread) {
    Extras own = extras();
    own.enter(thread);
    try {
      turn(strand.node());
    } finally {
      own.leave(thread);
    }
  }

  private void turn(Node node) {
    if ((flags & STARTED) == 0) {
      start();
    }
    int budget = node.turnBudget();
    long deadline = 0;
    long looked = 0;
    int look = 1;
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
        } else if (rests()) {
          return;
        }
        continue;
      }
      Envelope envelope = head;
      if (envelope == null || (boolean) URGENT.getOpaque(this)) {
        if (takeIn() || envelope != null) {
          continue;
        }
        if (rests()) {
          return;
        }
        continue;
      }
      if (n == budget) {
        strand.lane().execute(this);
        return;
      }
      if (n >= look) {
        long now = node.scheduler().nanoTime();
        if (n == 1) {
          deadline = now + node.turnSliceNanos();
        } else if (now - deadline >= 0) {
          strand.lane().execute(this);
          return;
        }
        look += now - looked > LONG_NANOS ? 1 : Math.min(look, LONGEST_STRIDE);
        looked = now;
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
      doing = IN_START;
      try {
        behavior.onStart(this);
      } catch (Throwable failure) {
        crash(failure);
      }
      doing = 0;
    }
  }

  @SuppressWarnings("unchecked")
  private void dispatch(Object payload) {
    try {
      if (payload instanceof Control control) {
        doing = IN_CONTINUATION;
        control.handle(this);
      } else {
        doing = IN_MESSAGE;
        behavior.onMessage(this, (M) payload);
      }
    } catch (Throwable failure) {
      crash(failure);
    }
    doing = 0;
  }

  void deliver(Signal signal) throws Exception {
    doing = IN_SIGNAL;
    behavior.onSignal(this, signal);
  }

  @SuppressWarnings("unchecked")
  void deliverMessage(Object message) throws Exception {
    doing = IN_MESSAGE;
    behavior.onMessage(this, (M) message);
  }

  /// Empties the inbox into the queue.
  ///
  /// @return whether there was anything in it
  private boolean takeIn() {
    URGENT.setOpaque(this, false);
    if (isEmpty()) {
      return false;
    }
    Envelope first = takeAll();
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
      Objects.requireNonNull(tail).next = envelope;
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
    Objects.requireNonNull(reason, "an exit needs a reason, got null");
    if ((flags & ENDING) == 0) {
      Extras own = extras();
      own.ending = strand.mayBlock() && own.isKilled() ? ExitReason.KILLED : reason;
      flags |= ENDING;
    }
  }

  /// Who was killed ends by the kill, which waits in the inbox, and not by what its interrupted
  /// callback threw.
  private void crash(Throwable failure) {
    if (!strand.mayBlock() || !extras().isKilled()) {
      end(new ExitReason.Crashed(failure));
    }
  }

  private void die() {
    ExitReason reason = Objects.requireNonNull(extras().ending);
    if ((flags & ENTERED) != 0 && !(reason instanceof ExitReason.Killed)) {
      doing = IN_EXIT;
      try {
        behavior.onExit(this, reason);
      } catch (Throwable failure) {
        reason = new ExitReason.Crashed(failure);
      }
      doing = 0;
    }
    Behavior<M> acted = behavior;
    Exits.release(this, reason);
    strand.node().table().remove(this);
    Envelope rest = closeInbox();
    Envelope queued = head;
    head = null;
    tail = null;
    behavior = Exits.gone();
    Exits.refuse(this, reason, queued);
    Exits.refuseReversed(this, reason, rest, BUSY);
    Exits.announce(this, reason, Watched.bare(acted));
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
  boolean removeLink(Cell<?> other) {
    Extras own = extras();
    if (!RefSet.contains(own.links, other)) {
      return false;
    }
    own.links = RefSet.remove(own.links, other);
    return true;
  }

  List<Pid<?>> callers() {
    Extras current = extras;
    return current == null ? List.of() : current.callers;
  }

  // ---- what a look from outside reads, without order --------------------------------------------

  @Nullable Envelope head() {
    return head;
  }

  Behavior<M> behavior() {
    return Watched.bare(behavior);
  }

  Kind kind() {
    return strand.lane().kind();
  }

  @Nullable Extras extrasOrNull() {
    return extras;
  }

  @Nullable String callback() {
    return CALLBACKS[doing];
  }

  ProcessInfo.Status status() {
    if (!isAlive()) {
      return ProcessInfo.Status.EXITED;
    }
    return doing != 0
        ? ProcessInfo.Status.RUNNING
        : top() == null ? ProcessInfo.Status.WAITING : ProcessInfo.Status.RUNNABLE;
  }

  // ---- Pid -----------------------------------------------------------------------------------

  @Override
  public Node node() {
    return strand.node();
  }
}
