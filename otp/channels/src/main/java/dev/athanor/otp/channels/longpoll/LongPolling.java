package dev.athanor.otp.channels.longpoll;

import java.time.Duration;

/// How clients may poll (the options of Phoenix's `longpoll` transport).
///
/// @param window how long a poll waits for a message before it is answered with nothing; 10 s by
///   default. A client that does not poll for one and a half windows is gone
/// @param maxBody how many bytes the messages of one request may have together; 1,048,576 by
///   default; a request with more is answered with HTTP 413. Each message is also bounded by
///   the endpoint's largest message
public record LongPolling(Duration window, int maxBody) {
  /// The defaults.
  public static final LongPolling DEFAULT = new LongPolling(Duration.ofSeconds(10), 1024 * 1024);

  /// Refuses windows and bodies of nothing.
  public LongPolling {
    if (window.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException("expected a window above zero, got " + window);
    }
    if (maxBody < 1) {
      throw new IllegalArgumentException("expected maxBody of at least 1, got " + maxBody);
    }
  }

  /// The same with another window.
  ///
  /// @param value at least a millisecond
  /// @return the options
  public LongPolling withWindow(Duration value) {
    return new LongPolling(value, maxBody);
  }

  /// The same with another largest body.
  ///
  /// @param bytes at least 1
  /// @return the options
  public LongPolling withMaxBody(int bytes) {
    return new LongPolling(window, bytes);
  }
}
