package dev.athanor.perf.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The least a server for the load of channels can do: one thread, and for whatever arrives the one
/// write that is due, of bytes made beforehand. It looks at the length of a frame to guess what it
/// is, checks nothing, and knows one topic. What it costs is the price of the sockets themselves
/// here: nothing of Athanor, Vert.x or Netty is in it. Runs until it is ended.
public final class BareServer {
  private static final Map<String, String> DEFAULTS =
      Map.of("port", "18090", "topic", "room:lobby");

  private final Selector selector = Selector.open();
  private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
  private final List<SocketChannel> joined = new ArrayList<>();
  private final ByteBuffer upgrade =
      direct(
          String.join(
              "\r\n",
              "HTTP/1.1 101 Switching Protocols",
              "upgrade: websocket",
              "connection: Upgrade",
              "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
              "",
              ""));
  private final ByteBuffer welcome;
  private final ByteBuffer beat =
      frame("[null,\"2\",\"phoenix\",\"phx_reply\",{\"status\":\"ok\",\"response\":{}}]");
  private final ByteBuffer pong;
  private final int joinSize;
  private final int pingSize;
  private final int beatSize;
  private final String topic;

  private BareServer(String topic) throws IOException {
    this.topic = topic;
    this.welcome = reply("1", "{}");
    this.pong = reply("3", "{\"body\":\"" + "x".repeat(64) + "\"}");
    this.joinSize = ClientFrames.join(topic).length;
    this.pingSize = ClientFrames.ping(topic).length;
    this.beatSize = ClientFrames.heartbeat().length;
  }

  private ByteBuffer reply(String ref, String response) {
    return frame(
        "[\"1\",\"%s\",\"%s\",\"phx_reply\",{\"status\":\"ok\",\"response\":%s}]"
            .formatted(ref, topic, response));
  }

  private static ByteBuffer direct(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static ByteBuffer frame(String text) {
    ByteBuffer frame = ByteBuffer.allocateDirect(4 + text.length()).put((byte) 0x81);
    if (text.length() < 126) {
      frame.put((byte) text.length());
    } else {
      frame.put((byte) 126).putShort((short) text.length());
    }
    return frame.put(text.getBytes(StandardCharsets.US_ASCII)).flip();
  }

  /// Starts the server and says so on the standard output.
  ///
  /// @param args options as `--name value`; see the type
  /// @throws Exception if the port is taken
  public static void main(String[] args) throws Exception {
    Options options = Options.of(args, DEFAULTS);
    BareServer server = new BareServer(options.text("topic"));
    int port = options.number("port", 1, 65_535);
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4096);
      listener.configureBlocking(false);
      listener.register(server.selector, SelectionKey.OP_ACCEPT);
      Output.standard()
          .line("channels on ws://127.0.0.1:%d/socket/websocket, bare".formatted(port));
      while (true) {
        server.selector.select(server::ready);
      }
    }
  }

  private void ready(SelectionKey key) {
    try {
      if (key.channel() instanceof ServerSocketChannel listener) {
        SocketChannel channel = listener.accept();
        while (channel != null) {
          channel.configureBlocking(false);
          channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
          channel.register(selector, SelectionKey.OP_READ);
          channel = listener.accept();
        }
      } else if (key.channel() instanceof SocketChannel channel) {
        in.clear();
        int size = channel.read(in);
        if (size < 0) {
          joined.remove(channel);
          channel.close();
        } else {
          answer(channel, size);
        }
      }
    } catch (IOException broken) {
      key.cancel();
    }
  }

  private void answer(SocketChannel channel, int size) throws IOException {
    if (in.get(0) == 'G') {
      send(channel, upgrade);
    } else if (size == joinSize) {
      joined.add(channel);
      send(channel, welcome);
    } else if (size == beatSize) {
      send(channel, beat);
    } else if (size == pingSize) {
      send(channel, pong);
    } else {
      ByteBuffer frame = frame("[null,null,\"%s\",\"shout\",%s]".formatted(topic, payload(size)));
      for (SocketChannel each : joined) {
        send(each, frame);
      }
    }
  }

  /// The last element of the array that came in a frame.
  private String payload(int size) {
    int mask = (in.get(1) & 0x7f) == 126 ? 4 : 2;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < size - mask - 5; i++) {
      text.append((char) (in.get(mask + 4 + i) ^ in.get(mask + (i & 3))));
    }
    return text.substring(text.indexOf("{"));
  }

  private static void send(SocketChannel channel, ByteBuffer frame) throws IOException {
    frame.rewind();
    channel.write(frame);
  }
}
