package dev.athanor.otp.process;

/// A message that wants to know when it will never be handled, because its receiver was dead when
/// it was sent or ended with the message still waiting.
///
/// Calls use it to fail at once instead of running into their timeout; it saves them the monitor
/// that OTP sets up for every call.
public interface Undelivered {
  /// The receiver is gone. Called once, from the sender's or the receiver's thread; must not block.
  ///
  /// @param receiver who should have handled it
  /// @param reason why it ended; [ExitReason.NoProcess] when it was dead before the send
  void undelivered(Pid<?> receiver, ExitReason reason);
}
