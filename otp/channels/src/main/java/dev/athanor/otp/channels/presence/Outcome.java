package dev.athanor.otp.channels.presence;

/// What became of a wish to be tracked, or to say something else.
public sealed interface Outcome {
  /// It is so now.
  ///
  /// @param ref the `phx_ref` it is known under
  record Tracked(String ref) implements Outcome {}

  /// Nothing was done: the process is tracked under this topic and key already (`already_tracked`);
  /// update it instead.
  ///
  /// @param ref the `phx_ref` it is known under
  record AlreadyTracked(String ref) implements Outcome {}

  /// Nothing was done: the process is not tracked under this topic and key (`nopresence`).
  record NotTracked() implements Outcome {}

  /// Nothing was done: the function that was to make the new meta threw, or made something that is
  /// no JSON object.
  ///
  /// @param cause what it threw
  record Failed(RuntimeException cause) implements Outcome {}
}
