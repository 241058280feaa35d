package dev.athanor.otp.channels;

import java.time.Duration;

/// How much one connection may ask of the server. Each limit protects the memory and the time of
/// everybody else.
///
/// @param idleTimeout how long a connection may be silent; 60 s by default (clients send a
///   heartbeat every 30 s). It is closed with code 1002 within a quarter of that time more. A join
///   that is decided later must be decided within the same time, or it is refused
/// @param maxFrame how many bytes a message may have; 131,072 by default; a larger one closes the
///   connection with code 1009
/// @param maxChannels how many channels a connection may have joined at a time; 100 by default; a
///   further join is refused with `too many channels joined`
/// @param maxMessagesPerSecond how many messages a connection may send within a second; 10,000 by
///   default; one more closes it with code 1008. Each fragment, ping and pong counts as one
/// @param maxOutbound how many bytes may wait for a reader that is too slow; 1,048,576 by default;
///   beyond that the connection is ended. What waits for joins that are decided later may weigh as
///   much; beyond that the join is refused
public record Limits(
    Duration idleTimeout,
    int maxFrame,
    int maxChannels,
    int maxMessagesPerSecond,
    int maxOutbound) {
  /// The defaults.
  public static final Limits DEFAULT =
      new Limits(Duration.ofSeconds(60), 128 * 1024, 100, 10_000, 1024 * 1024);

  /// Refuses limits of zero or less.
  public Limits {
    if (idleTimeout.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException("expected an idle timeout above zero, got " + idleTimeout);
    }
    positive("maxFrame", maxFrame);
    positive("maxChannels", maxChannels);
    positive("maxMessagesPerSecond", maxMessagesPerSecond);
    positive("maxOutbound", maxOutbound);
  }

  private static void positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("expected " + name + " of at least 1, got " + value);
    }
  }

  /// The same with another idle timeout.
  ///
  /// @param value at least a millisecond
  /// @return the limits
  public Limits withIdleTimeout(Duration value) {
    return new Limits(value, maxFrame, maxChannels, maxMessagesPerSecond, maxOutbound);
  }

  /// The same with another largest message.
  ///
  /// @param bytes at least 1
  /// @return the limits
  public Limits withMaxFrame(int bytes) {
    return new Limits(idleTimeout, bytes, maxChannels, maxMessagesPerSecond, maxOutbound);
  }

  /// The same with another number of channels.
  ///
  /// @param channels at least 1
  /// @return the limits
  public Limits withMaxChannels(int channels) {
    return new Limits(idleTimeout, maxFrame, channels, maxMessagesPerSecond, maxOutbound);
  }

  /// The same with another rate.
  ///
  /// @param messages at least 1
  /// @return the limits
  public Limits withMaxMessagesPerSecond(int messages) {
    return new Limits(idleTimeout, maxFrame, maxChannels, messages, maxOutbound);
  }

  /// The same with another bound for slow readers.
  ///
  /// @param bytes at least 1
  /// @return the limits
  public Limits withMaxOutbound(int bytes) {
    return new Limits(idleTimeout, maxFrame, maxChannels, maxMessagesPerSecond, bytes);
  }
}
