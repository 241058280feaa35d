package dev.athanor.domain.outbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A network between a client and a server of this machine that can swallow everything without a
 * word: no end ever hears that the other is gone, as when a machine loses its power or a firewall
 * forgets a connection.
 */
public final class Wire implements AutoCloseable {
  private final ServerSocket door;
  private final int target;
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private final AtomicLong carried = new AtomicLong();
  private volatile String swallowed;

  private Wire(ServerSocket door, int target) {
    this.door = door;
    this.target = target;
  }

  /** To a port of 127.0.0.1. */
  public static Wire to(int target) throws IOException {
    Wire wire = new Wire(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
    Thread.startVirtualThread(wire::accept);
    return wire;
  }

  public int port() {
    return door.getLocalPort();
  }

  /** How many connections were made so far. */
  public int made() {
    return lines.size();
  }

  /** How many of them the client has not closed. */
  public long open() {
    return lines.stream().filter(line -> !line.left).count();
  }

  /** How often something of a client's was carried to the server. */
  public long carried() {
    return carried.get();
  }

  /** The connections there are go dead; new ones work. */
  public void freeze() {
    lines.forEach(line -> line.frozen = true);
  }

  /** A connection whose client says this goes dead; null for none. */
  public void freezeAt(String word) {
    swallowed = word;
  }

  /** The server hears at last that the dead connections have no client. */
  public void tellServer() {
    lines.stream().filter(line -> line.frozen).forEach(line -> shut(line.server));
  }

  @Override
  public void close() throws IOException {
    door.close();
    for (Line line : lines) {
      shut(line.client);
      shut(line.server);
    }
  }

  private static final class Line {
    final Socket client;
    final Socket server;
    volatile boolean frozen;
    volatile boolean left;

    Line(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Line line = new Line(client, new Socket(InetAddress.getLoopbackAddress(), target));
        lines.add(line);
        Thread.startVirtualThread(() -> carry(line, true));
        Thread.startVirtualThread(() -> carry(line, false));
      } catch (IOException closed) {
        // The test is over, or the server is away.
      }
    }
  }

  private void carry(Line line, boolean fromClient) {
    Socket from = fromClient ? line.client : line.server;
    Socket to = fromClient ? line.server : line.client;
    byte[] buffer = new byte[65_536];
    try {
      for (int read = from.getInputStream().read(buffer);
          read >= 0;
          read = from.getInputStream().read(buffer)) {
        String word = swallowed;
        if (word != null
            && fromClient
            && new String(buffer, 0, read, StandardCharsets.ISO_8859_1).contains(word)) {
          line.frozen = true;
        }
        if (!line.frozen) {
          to.getOutputStream().write(buffer, 0, read);
          carried.addAndGet(fromClient ? 1 : 0);
        }
      }
    } catch (IOException gone) {
      // As good as the end of the stream.
    }
    if (fromClient) {
      line.left = true;
    }
    if (!line.frozen) {
      shut(to);
    }
  }

  private static void shut(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
