package dev.athanor.otp.channels.wire;

/// A frame that is not what its serializer expects: not JSON, too short, lengths that lie.
///
/// It ends the connection it came from (close code 1011, as Phoenix does) and nothing else.
public final class BadFrame extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// Says what was expected and what was got.
  ///
  /// @param message for the telemetry event; holds no payload
  public BadFrame(String message) {
    super(message, null, false, false);
  }
}
