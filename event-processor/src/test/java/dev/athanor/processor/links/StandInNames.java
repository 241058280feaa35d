package dev.athanor.processor.links;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A name server that gives a name's addresses one after the other, the last for ever, and lets
/// nobody keep them: what somebody does who wants a server to look at one address and to go to
/// another.
final class StandInNames implements AutoCloseable {
  private static final int HEADER = 12;
  private static final byte ADDRESS = 1;

  private final DatagramSocket socket;
  private final Map<String, List<String>> names;
  private final Map<String, Integer> asked = new ConcurrentHashMap<>();

  StandInNames(Map<String, List<String>> names) throws IOException {
    this.names = names;
    this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::serve);
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /// How often a name's address was asked for.
  int asked(String name) {
    return asked.getOrDefault(name, 0);
  }

  @Override
  public void close() {
    socket.close();
  }

  private void serve() {
    byte[] buffer = new byte[1_500];
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException closed) {
        // The test is over.
      }
    }
  }

  private byte[] answer(byte[] query) throws IOException {
    StringBuilder name = new StringBuilder();
    int at = HEADER;
    for (int length = query[at]; length > 0; length = query[at]) {
      name.append(name.isEmpty() ? "" : ".");
      name.append(new String(query, at + 1, length, StandardCharsets.US_ASCII));
      at += length + 1;
    }
    int end = at + 5;
    boolean address = query[at + 2] == ADDRESS;
    List<String> known = names.getOrDefault(name.toString(), List.of());
    ByteBuffer out = ByteBuffer.allocate(512);
    out.put(query, 0, 2).putShort((short) 0x8180).putShort((short) 1);
    out.putShort((short) (address && !known.isEmpty() ? 1 : 0)).putInt(0);
    out.put(query, HEADER, end - HEADER);
    if (address && !known.isEmpty()) {
      int times = asked.merge(name.toString(), 1, Integer::sum);
      String next = known.get(Math.min(times, known.size()) - 1);
      out.putShort((short) 0xC00C).putShort((short) 1).putShort((short) 1).putInt(0);
      out.putShort((short) 4).put(InetAddress.ofLiteral(next).getAddress());
    }
    return Arrays.copyOf(out.array(), out.position());
  }
}
