package dev.athanor.domain.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/// Ends of connections and channels.
final class Links {
  private static final int CLOSE_MILLIS = 1_000;

  private Links() {}

  /// Closes on a thread of its own: whoever asks does not wait, and is told of no failure.
  static void abort(Connection connection) {
    Thread.startVirtualThread(() -> connection.abort(CLOSE_MILLIS));
  }

  /// Closes a channel; what was not acknowledged on it goes back to its queue.
  static void close(Channel channel) {
    try {
      channel.close();
    } catch (IOException | TimeoutException | AlreadyClosedException gone) {
      // It is closed, which was all that was wanted.
    }
  }

  /// The message of the innermost cause, which is the one that says something.
  static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
  }
}
