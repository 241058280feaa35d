package dev.athanor.otp.process;

/// The handle of a process: what others send to, link, monitor and name.
///
/// A pid stays valid for ever; of a process that has ended it is a handle of the dead. Two pids are
/// the same process exactly when they are the same object. All methods may be called from any
/// thread. Corresponds to Erlang's pid.
///
/// @param <M> the messages the process understands
public abstract class Pid<M> {
  /// A message that wants to know when it will never be handled, because its receiver was dead when
  /// it was sent or ended with the message still waiting.
  ///
  /// Calls use it to fail at once instead of running into their timeout; it saves them the monitor
  /// that OTP sets up for every call.
  public interface Undelivered {
    /// The receiver is gone. Called once, from the sender's or the receiver's thread; must not
    /// block.
    ///
    /// @param receiver who should have handled it
    /// @param reason why it ended; [ExitReason.NoProcess] when it was dead before the send
    void undelivered(Pid<?> receiver, ExitReason reason);

    /// The receiver lives and its mailbox was full: this message was refused, or gave way to a
    /// newer one. Called once, from a sender's thread; must not block.
    ///
    /// @param receiver who should have handled it
    /// @param limit how many messages may wait there
    default void overflowed(Pid<?> receiver, int limit) {}

    /// Whether it counts in a bounded mailbox. What a package sends to run a process, to stop it
    /// for instance, does not: it is never refused.
    ///
    /// @return true for what users send
    default boolean counts() {
      return true;
    }
  }

  /// What became of a message.
  public enum Outcome {
    /// It is in the mailbox.
    SENT,
    /// The mailbox was full and refused it ([SpawnOptions.Overflow#REJECT]).
    REJECTED,
    /// The mailbox was full and dropped it ([SpawnOptions.Overflow#DROP_NEWEST]).
    DROPPED,
    /// The process has ended; the message is a dead letter.
    DEAD
  }

  /// A message around another, as calls and casts are: what tests and traces look into.
  public interface Wrapper {
    /// What the sender wrote.
    ///
    /// @return the message inside
    Object content();
  }

  private final long id;

  Pid(long id) {
    this.id = id;
  }

  /// The number of the process on its node, never used twice.
  ///
  /// @return a positive number
  public final long id() {
    return id;
  }

  /// The node it lives on.
  ///
  /// @return the node
  public abstract Node node();

  /// Tells whether it has not ended yet. The answer may be out of date when it arrives.
  ///
  /// @return false once its end was announced
  public abstract boolean isAlive();

  /// Sends a message and returns at once. Messages of one sender arrive in the order in which they
  /// were sent. Sending to the dead does nothing but emit `athanor.process.dead_letter` for each
  /// message and `athanor.process.dead_letters` for the first five of a second and then for the
  /// number of the others.
  ///
  /// @param message an immutable message, never null; see [Node.MutableMessages]
  public abstract void send(M message);

  /// Sends a message and says what became of it: the form for senders that can slow down when a
  /// bounded mailbox is full (`erlang:send/3` with `nosuspend` is the nearest in OTP). SENT does
  /// not promise that it will be handled: the process may end before.
  ///
  /// @param message an immutable message, never null
  /// @return the outcome
  public abstract Outcome trySend(M message);

  static Object content(Object message) {
    return message instanceof Wrapper wrapper ? wrapper.content() : message;
  }

  @Override
  public final int hashCode() {
    return (int) ((id * 0x9E3779B97F4A7C15L) >>> 32);
  }

  @Override
  public final String toString() {
    return "#Pid<0." + id + ">";
  }
}
