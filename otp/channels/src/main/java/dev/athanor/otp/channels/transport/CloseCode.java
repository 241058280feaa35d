package dev.athanor.otp.channels.transport;

/// Why a connection is closed, as the peer of a WebSocket is told (RFC 6455, 7.4.1).
public final class CloseCode {
  /// The server ends the connection in order: it stops, or was asked to disconnect.
  public static final int GOING_AWAY = 1001;

  /// The peer broke the rules of the protocol, or was silent for too long.
  public static final int PROTOCOL_ERROR = 1002;

  /// A text message was not UTF-8.
  public static final int NOT_UTF8 = 1007;

  /// A rule of the application's was broken: too many messages, too slow a reader.
  public static final int POLICY = 1008;

  /// A message was larger than allowed.
  public static final int TOO_BIG = 1009;

  /// What the peer sent made no sense, or the server failed.
  public static final int SERVER_ERROR = 1011;

  /// The server restarts or moves: come again, a little later.
  public static final int RESTART = 1012;

  /// The connection just broke; never sent.
  public static final int BROKEN = 1006;

  private CloseCode() {}
}
