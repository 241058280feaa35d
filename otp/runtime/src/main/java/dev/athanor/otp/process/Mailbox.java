package dev.athanor.otp.process;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The mailbox of a process: the part of [Cell] that its senders touch.
///
/// Senders push envelopes onto `inbox`, a lock-free stack (Treiber, 1986). The process takes the
/// whole stack with one exchange, reverses it and appends it to the private queue of the cell; so
/// pushes never contend with the queue and order is kept per sender. The bottom of the stack tells
/// what state the process is in, so that no separate run flag is needed:
///
/// - `null`: idle. Whoever replaces null by an envelope hands the process to its lane.
/// - BUSY: in its lane or in a turn. A push changes the stack and nothing else.
/// - DEAD: ended. Nothing can be pushed any more.
///
/// A turn ends by exchanging BUSY for null; if that fails something was pushed and the turn goes
/// on. The exchange releases everything the turn wrote; the push that finds null acquires it, and
/// the lane passes it on.
///
/// What few processes have costs the others one test of a byte that never changes: a bounded
/// mailbox and the check of messages make a send GUARDED, see [Bound] and [MessageTypes]; a mailbox
/// whose oldest message gives way is also LOCKED.
abstract sealed class Mailbox<M> extends SelfCalls<M> implements Runnable permits Cell {
  static final Envelope BUSY = new Envelope("busy");
  private static final Envelope DEAD = new Envelope("dead");

  private static final byte GUARDED = 64;
  private static final byte LOCKED = (byte) 128;

  static final String NOTHING = "null is no message; send an immutable object";

  private static final VarHandle INBOX;

  static {
    try {
      INBOX = MethodHandles.lookup().findVarHandle(Mailbox.class, "inbox", Envelope.class);
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

  final Strand strand;

  /// Compare-and-set by senders, exchanged by the turns.
  private volatile @Nullable Envelope inbox = BUSY;

  /// GUARDED and LOCKED are set before publication and never change, and senders read those; the
  /// others belong to the turns.
  byte flags;

  Mailbox(long id, Strand strand, SpawnOptions options, boolean checked, byte flags) {
    super(id);
    this.strand = strand;
    SpawnOptions.Mailbox mailbox = options.mailbox();
    byte first = flags;
    if (checked || mailbox != null) {
      first |= GUARDED;
    }
    if (mailbox != null) {
      Bound bound = new Bound(mailbox);
      extras().bound = bound;
      first |= bound.dropsOldest() ? LOCKED : 0;
    }
    this.flags = first;
  }

  @Override
  public void send(M message) {
    if ((flags & GUARDED) != 0) {
      var _ = sendGuarded(message);
    } else if (!push(message)) {
      Exits.undelivered(cell(), message, ExitReason.NO_PROCESS);
    }
  }

  @Override
  public Outcome trySend(M message) {
    if ((flags & GUARDED) != 0) {
      return sendGuarded(message);
    }
    if (push(message)) {
      return Outcome.SENT;
    }
    Exits.undelivered(cell(), message, ExitReason.NO_PROCESS);
    return Outcome.DEAD;
  }

  /// Puts anything into the inbox.
  ///
  /// @return false when the process is dead
  @Override
  boolean push(Object payload) {
    Envelope envelope = new Envelope(Objects.requireNonNull(payload, NOTHING));
    if ((flags & LOCKED) != 0) {
      synchronized (bound()) {
        return enter(envelope);
      }
    }
    return enter(envelope);
  }

  boolean enter(Envelope envelope) {
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

  @Override
  public final boolean isAlive() {
    return inbox != DEAD;
  }

  // ---- for the turns ---------------------------------------------------------------------------

  final boolean isEmpty() {
    return inbox == BUSY;
  }

  /// Ends a turn, if nothing was pushed meanwhile.
  final boolean rests() {
    return INBOX.compareAndSet(this, BUSY, null);
  }

  /// Empties the inbox.
  ///
  /// @return what was in it, oldest first
  final @Nullable Envelope takeAll() {
    if ((flags & LOCKED) == 0) {
      return takeReversed();
    }
    synchronized (bound()) {
      return takeReversed();
    }
  }

  /// Ends the mailbox; pushes fail from now on.
  ///
  /// @return what was in it, newest first, down to BUSY
  final @Nullable Envelope closeInbox() {
    if ((flags & LOCKED) == 0) {
      return (Envelope) INBOX.getAndSet(this, DEAD);
    }
    synchronized (bound()) {
      return (Envelope) INBOX.getAndSet(this, DEAD);
    }
  }

  private @Nullable Envelope takeReversed() {
    Envelope taken = (Envelope) INBOX.getAndSet(this, BUSY);
    Envelope first = null;
    while (taken != null && taken != BUSY) {
      Envelope next = taken.next;
      taken.next = first;
      first = taken;
      taken = next;
    }
    return first;
  }

  /// Throws empty letters out of the inbox; needs the lock of the bound.
  void purge() {
    Envelope kept = inbox;
    if (kept == null || !isMessage(kept)) {
      return;
    }
    for (Envelope e = kept.next; e != null && isMessage(e); e = e.next) {
      if (e.payload instanceof Bound.Letter letter && letter.isEmpty()) {
        kept.next = e.next;
      } else {
        kept = e;
      }
    }
  }

  private Bound bound() {
    return Objects.requireNonNull(extras().bound);
  }

  // ---- for a look from outside -----------------------------------------------------------------

  static boolean isMessage(@Nullable Envelope envelope) {
    return envelope != null && envelope != BUSY && envelope != DEAD;
  }

  final @Nullable Envelope top() {
    return inbox;
  }
}
