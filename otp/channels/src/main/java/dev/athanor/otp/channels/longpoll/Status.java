package dev.athanor.otp.channels.longpoll;

/// What a request of a polling client is answered: the `status` in the answer's JSON, while HTTP
/// itself says 200.
public final class Status {
  /// Here are messages, or yours were taken.
  public static final int OK = 200;

  /// Nothing happened for a window, or the session has just ended: ask again.
  public static final int NOTHING = 204;

  /// The application or the rule of origins keeps you out.
  public static final int FORBIDDEN = 403;

  /// Your messages were not taken within a window.
  public static final int TIMEOUT = 408;

  /// There is no such session; here is the token of a new one, when you polled.
  public static final int GONE = 410;

  private Status() {}
}
