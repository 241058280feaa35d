package dev.athanor.perf.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// The clients of one process: one thread, one selector, one buffer for whatever arrives, and
/// little for each connection, so that the load takes as little as possible of the cores it shares
/// with the server. Confined to the thread that calls it but for [#wake].
final class CrowdLoop implements AutoCloseable {
  private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long JOIN_NANOS = TimeUnit.SECONDS.toNanos(120);

  /// The kernel's own search for a free port takes longer the more are taken.
  private static final int FIRST_PORT = 20_000;

  private static final byte[] NUMBER = "\"seq\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OK = "\"status\":\"ok\"".getBytes(StandardCharsets.US_ASCII);

  /// Where a connection stands.
  private enum Stage {
    CONNECTING,
    UPGRADING,
    JOINING,
    JOINED,
    GONE
  }

  private static final class Client {
    final SocketChannel channel;
    Stage stage = Stage.CONNECTING;

    /// What came of a frame that is not complete.
    byte @Nullable [] rest;

    /// The number of the last broadcast.
    int seen = -1;

    /// When the ping was sent; 0 while none is on its way.
    long asked;

    Client(SocketChannel channel) {
      this.channel = channel;
    }
  }

  private final Selector selector = Selector.open();
  private final ByteBuffer in = ByteBuffer.allocateDirect(256 * 1024);
  private final List<Client> clients = new ArrayList<>();
  private final String topic;
  private final int inflight;
  private final InetSocketAddress server;
  private final ByteBuffer handshake;
  private final ByteBuffer join;
  private final ByteBuffer heartbeat;
  private final ByteBuffer ping;
  private final Histogram latencies = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);

  private int joined;
  private int failed;
  private int closed;
  private int awaited = -1;
  private int received;
  private int repeated;
  private long lastReceived;
  private boolean echoing;
  private long replies;
  private long beating;
  private long beats;
  private long beatsAnswered;

  CrowdLoop(int port, String topic, int inflight) throws IOException {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.topic = topic;
    this.inflight = inflight;
    this.handshake = direct(ClientFrames.handshake(port));
    this.join = direct(ClientFrames.join(topic));
    this.heartbeat = direct(ClientFrames.heartbeat());
    this.ping = direct(ClientFrames.ping(topic));
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  // ---- what it is told -------------------------------------------------------------------------

  String join(int count, String address) throws IOException {
    InetAddress from = InetAddress.ofLiteral(address);
    long start = System.nanoTime();
    int wanted = joined + count;
    failed = 0;
    int begun = 0;
    while (joined + failed < wanted && System.nanoTime() - start < JOIN_NANOS) {
      while (begun < count && begun - failed - (count - wanted + joined) < inflight) {
        connect(new InetSocketAddress(from, FIRST_PORT + begun));
        begun++;
      }
      turn(1);
    }
    long took = System.nanoTime() - start;
    beating = System.nanoTime();
    beats = 0;
    beatsAnswered = 0;
    return "joined %d %d".formatted(joined, took);
  }

  private void connect(InetSocketAddress from) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.bind(from);
    Client client = new Client(channel);
    boolean done = channel.connect(server);
    channel.register(selector, done ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, client);
    if (done) {
      upgrade(client);
    }
  }

  String await(int number) {
    awaited = number;
    received = 0;
    lastReceived = 0;
    return "awaiting " + number;
  }

  String shout(int number) throws IOException {
    ByteBuffer frame = direct(ClientFrames.shout(topic, number));
    long at = System.nanoTime();
    send(clients.getFirst(), frame);
    return "shouted " + at;
  }

  String received(int seconds) throws IOException {
    turnUntil(TimeUnit.SECONDS.toNanos(seconds), () -> received == joined);
    return "received %d %d".formatted(received, lastReceived);
  }

  String echo(int count, int millis) throws IOException {
    latencies.reset();
    replies = 0;
    echoing = true;
    long start = System.nanoTime();
    for (Client client : clients.subList(0, count)) {
      client.asked = start;
      send(client, ping);
    }
    turnUntil(TimeUnit.MILLISECONDS.toNanos(millis), () -> false);
    long took = System.nanoTime() - start;
    long counted = replies;
    echoing = false;
    turnUntil(
        TimeUnit.SECONDS.toNanos(5),
        () -> clients.subList(0, count).stream().allMatch(client -> client.asked == 0));
    return "echoed %d %d %d %d"
        .formatted(
            counted, took, latencies.getValueAtPercentile(50), latencies.getValueAtPercentile(99));
  }

  String tell() {
    return "told %d %d %d %d".formatted(beats, beatsAnswered, closed, repeated);
  }

  String leave() throws IOException {
    for (Client client : clients) {
      client.stage = Stage.GONE;
      client.channel.close();
    }
    clients.clear();
    selector.selectNow();
    joined = 0;
    closed = 0;
    return "left";
  }

  // ---- the loop --------------------------------------------------------------------------------

  /// Serves whoever has something, or waits so long; sends the heartbeats that are due.
  void turn(int millis) throws IOException {
    selector.select(this::ready, millis);
    if (joined > 0 && beating > 0) {
      long due = (System.nanoTime() - beating) / (HEARTBEAT_NANOS / Math.max(1, clients.size()));
      while (beats < due) {
        send(clients.get((int) (beats % clients.size())), heartbeat);
        beats++;
      }
    }
  }

  /// From any thread.
  void wake() {
    selector.wakeup();
  }

  private void turnUntil(long nanos, BooleanSupplier done) throws IOException {
    long start = System.nanoTime();
    while (!done.getAsBoolean() && System.nanoTime() - start < nanos) {
      turn(1);
    }
  }

  private void ready(SelectionKey key) {
    Client client = (Client) key.attachment();
    try {
      if (key.isConnectable()) {
        client.channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        upgrade(client);
      } else if (key.isReadable()) {
        read(client);
      }
    } catch (IOException broken) {
      gone(client);
    }
  }

  private void upgrade(Client client) throws IOException {
    client.stage = Stage.UPGRADING;
    send(client, handshake);
  }

  private void send(Client client, ByteBuffer frame) throws IOException {
    frame.rewind();
    if (client.stage != Stage.GONE && client.channel.write(frame) < frame.limit()) {
      throw new IOException("expected the server to read what is sent to it");
    }
  }

  private void gone(Client client) {
    if (client.stage == Stage.JOINED) {
      closed++;
    } else if (client.stage != Stage.GONE) {
      failed++;
    }
    client.stage = Stage.GONE;
    try {
      client.channel.close();
    } catch (IOException alreadyGone) {
      client.rest = null;
    }
  }

  private void read(Client client) throws IOException {
    in.clear();
    if (client.rest != null) {
      in.put(client.rest);
      client.rest = null;
    }
    if (client.channel.read(in) < 0) {
      gone(client);
      return;
    }
    in.flip();
    if (client.stage == Stage.UPGRADING && !upgraded(client)) {
      return;
    }
    while (client.stage != Stage.GONE && frame(client)) {}
    if (in.hasRemaining()) {
      client.rest = new byte[in.remaining()];
      in.get(client.rest);
    }
  }

  private boolean upgraded(Client client) throws IOException {
    for (int i = 3; i < in.limit(); i++) {
      if (in.get(i) == '\n' && in.get(i - 2) == '\n') {
        if (in.get(9) != '1' || in.get(10) != '0' || in.get(11) != '1') {
          gone(client);
          return false;
        }
        in.position(i + 1);
        client.stage = Stage.JOINING;
        send(client, join);
        return true;
      }
    }
    client.rest = new byte[in.remaining()];
    in.get(client.rest);
    return false;
  }

  private boolean frame(Client client) throws IOException {
    int at = in.position();
    int available = in.remaining();
    if (available < 2) {
      return false;
    }
    int length = in.get(at + 1);
    int head = 2;
    if (length == 126) {
      if (available < 4) {
        return false;
      }
      length = in.getShort(at + 2) & 0xffff;
      head = 4;
    }
    if (available < head + length) {
      return false;
    }
    in.position(at + head + length);
    if (in.get(at) == (byte) 0x81) {
      text(client, at + head, at + head + length);
    } else {
      gone(client);
    }
    return true;
  }

  /// Tells the three kinds of message apart by their references: `[null,null,` is a broadcast,
  /// `[null,"` the answer to a heartbeat, everything else that to a join or a ping.
  private void text(Client client, int from, int to) throws IOException {
    if (in.get(from + 1) != 'n') {
      if (client.stage == Stage.JOINING) {
        if (find(OK, from, to) < 0) {
          gone(client);
          return;
        }
        client.stage = Stage.JOINED;
        clients.add(client);
        joined++;
      } else if (client.asked != 0) {
        long now = System.nanoTime();
        latencies.recordValue(now - client.asked);
        replies++;
        client.asked = echoing ? now : 0;
        if (echoing) {
          send(client, ping);
        }
      }
    } else if (in.get(from + 6) == 'n') {
      broadcast(client, find(NUMBER, from, to), to);
    } else {
      beatsAnswered++;
    }
  }

  private void broadcast(Client client, int at, int to) {
    int number = 0;
    for (int i = at; at >= 0 && i < to && in.get(i) >= '0' && in.get(i) <= '9'; i++) {
      number = number * 10 + in.get(i) - '0';
    }
    if (client.seen == number) {
      repeated++;
    } else if (number == awaited) {
      client.seen = number;
      received++;
      if (received == joined) {
        lastReceived = System.nanoTime();
      }
    }
  }

  /// Where the text behind these bytes begins; -1 when they are not there.
  private int find(byte[] wanted, int from, int to) {
    for (int i = from; i <= to - wanted.length; i++) {
      int n = 0;
      while (n < wanted.length && in.get(i + n) == wanted[n]) {
        n++;
      }
      if (n == wanted.length) {
        return i + n;
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    leave();
    selector.close();
  }
}
