package dev.athanor.domain.outbox;

/// What a consumer refuses an event with (`message.nack`) that will never have its effect there:
/// the event is not delivered again but put aside with the reason, until an operator has it
/// replayed. Any other failure means "not now", and the event comes again.
public final class DeadEvent extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param reason what an operator is told: which consumer, how often it tried, why it failed
  /// @param cause the last failure
  public DeadEvent(String reason, Throwable cause) {
    super(reason, cause);
  }
}
