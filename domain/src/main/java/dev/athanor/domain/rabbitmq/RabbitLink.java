package dev.athanor.domain.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Owned;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.ServerSelf;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A process's link to RabbitMQ: one connection at a time, which belongs to the process until it
/// closes it and ends with the process at the latest; the pauses between attempts, 500 ms doubling
/// to 5 s; and one warning for each way in which they fail.
///
/// Used by its process; [#cut] by any thread.
final class RabbitLink {
  private static final Logger LOG = Logger.getLogger(RabbitLink.class);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final int CLOSE_MILLIS = 1_000;

  private final Topology topology;
  private final String purpose;
  private Duration pause = SHORTEST_PAUSE;
  private @Nullable String told;
  private volatile @Nullable Held held;

  /// @param purpose what it is for, as the broker and the log show it
  RabbitLink(Topology topology, String purpose) {
    this.topology = topology;
    this.purpose = purpose;
  }

  /// A connection, the socket under it, and how it belongs to the process.
  private record Held(
      Connection connection, Socket socket, Node node, Pid<?> owner, Owned property) {}

  /// Connects; blocks.
  Connection open(ServerSelf<?> owner) throws IOException, TimeoutException {
    Topology.Opened opened = topology.connect("athanor " + purpose);
    Connection connection = opened.connection();
    Owned property = (_, _) -> end(connection, opened.socket());
    if (!owner.node().own(owner.pid(), property)) {
      end(connection, opened.socket());
      throw new IOException(owner.pid() + " is gone");
    }
    held = new Held(connection, opened.socket(), owner.node(), owner.pid(), property);
    return connection;
  }

  /// All is well: what fails from now on is news.
  void stands() {
    pause = SHORTEST_PAUSE;
    told = null;
    LOG.debugf("RabbitMQ is there for %s", purpose);
  }

  /// Tells the log why there is no connection; the same again only to those who debug.
  void failed(Exception why) {
    String reason = reason(why);
    LOG.logf(
        reason.equals(told) ? Logger.Level.DEBUG : Logger.Level.WARN,
        "RabbitMQ is not there for %s: %s",
        purpose,
        reason);
    told = reason;
  }

  /// How long to wait before the next attempt; longer the next time.
  Duration pause() {
    Duration now = pause;
    Duration longer = now.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    return now;
  }

  /// Ends the connection, if there is one; whoever asks does not wait, and is told of no failure.
  void close() {
    Held last = held;
    held = null;
    if (last != null && last.node().disown(last.owner(), last.property())) {
      end(last.connection(), last.socket());
    }
  }

  /// Ends the socket under the connection at once, also under a thread that is stuck writing to it:
  /// the process hears that its connection is lost.
  void cut() {
    Held now = held;
    if (now != null) {
      Thread.startVirtualThread(() -> shut(now.socket()));
    }
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

  /// A broker that reads nothing any more leaves no way to say goodbye: then without it.
  private static void end(Connection connection, Socket socket) {
    Thread goodbye = Thread.startVirtualThread(() -> connection.abort(CLOSE_MILLIS));
    Thread.startVirtualThread(
        () -> {
          try {
            goodbye.join(Duration.ofMillis(2L * CLOSE_MILLIS));
          } catch (InterruptedException now) {
            Thread.currentThread().interrupt();
          }
          shut(socket);
        });
  }

  private static void shut(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // It is closed, which was all that was wanted.
    }
  }
}
