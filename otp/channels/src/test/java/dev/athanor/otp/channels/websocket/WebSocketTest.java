package dev.athanor.otp.channels.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.athanor.otp.channels.transport.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Frames on a channel without a network.
class WebSocketTest {
  private static final int MOST = 256 * 1024;

  private final List<byte[]> messages = new ArrayList<>();
  private int fragments;
  private int closed;
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final WebSocket socket =
      Handshake.skip(
          channel,
          MOST,
          new WriteBufferWaterMark(1024, 2048),
          new Transport.Listener() {
            @Override
            public void onMessage(byte[] message, boolean binary) {
              messages.add(message);
            }

            @Override
            public void onFragment() {
              fragments++;
            }

            @Override
            public void onClosed(int code) {
              closed = code;
            }

            @Override
            public void onOverflow(long waiting) {}
          });

  private static void frame(ByteBuf to, int first, byte[] body) {
    to.writeByte(first);
    if (body.length < 126) {
      to.writeByte(0x80 | body.length);
    } else if (body.length < 65_536) {
      to.writeByte(0x80 | 126).writeShort(body.length);
    } else {
      to.writeByte(0x80 | 127).writeLong(body.length);
    }
    to.writeInt(0).writeBytes(body);
  }

  private static byte[] letters(int count) {
    byte[] letters = new byte[count];
    Arrays.fill(letters, (byte) 'x');
    return letters;
  }

  @Test
  void fragments_veryManyAndSmall_costWhatTheMessageWeighs() {
    int small = 2_000;
    ByteBuf frames = Unpooled.buffer(MOST + small * 48);
    frame(frames, Frames.TEXT, letters(MOST / 2));
    for (int i = 0; i < small; i++) {
      frame(frames, Frames.CONTINUATION, letters(i % 2 * 32));
    }
    frame(frames, 0x80, "end".getBytes(UTF_8));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    channel.writeInbound(frames);
    long used = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(used).as("bytes allocated").isLessThan(8L * MOST);
    assertThat(messages).hasSize(1);
    assertThat(messages.getFirst()).hasSize(MOST / 2 + small / 2 * 32 + 3);
    assertThat(new String(messages.getFirst(), UTF_8)).matches("x+end");
    assertThat(fragments).isEqualTo(1 + small);
    assertThat(socket.isClosing()).isFalse();
  }

  @Test
  void fragments_ofNothing_makeAMessageToo() {
    ByteBuf frames = Unpooled.buffer();
    frame(frames, Frames.BINARY, new byte[0]);
    frame(frames, Frames.CONTINUATION, new byte[0]);
    frame(frames, 0x80 | Frames.PING, new byte[0]);
    frame(frames, Frames.CONTINUATION, new byte[] {1});
    frame(frames, 0x80, new byte[0]);
    frame(frames, 0x80 | Frames.PONG, new byte[0]);
    channel.writeInbound(frames);
    assertThat(messages).containsExactly(new byte[] {1});
    assertThat(fragments).isEqualTo(5);
  }

  @Test
  void fragments_upToTheLargestMessage_fitAndOneByteMoreDoesNot() {
    ByteBuf frames = Unpooled.buffer();
    frame(frames, Frames.BINARY, letters(MOST - 1));
    frame(frames, 0x80, letters(1));
    frame(frames, Frames.BINARY, letters(MOST - 1));
    frame(frames, Frames.CONTINUATION, letters(1));
    channel.writeInbound(frames);
    assertThat(messages).singleElement().satisfies(all -> assertThat(all).hasSize(MOST));
    ByteBuf more = Unpooled.buffer();
    frame(more, Frames.CONTINUATION, letters(1));
    channel.writeInbound(more);
    assertThat(closed).isEqualTo(1009);
  }
}
