package dev.athanor.otp.channels;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// A hundred thousand random frames: each connection sends harmless ones, some of them strange,
/// then one that must end it with a certain code. `-Dathanor.seed` repeats a run.
class FuzzTest {
  private static final int FRAMES = 100_000;
  private static final int ATTACKERS = 4;
  private static final int WITNESSES = 5;

  /// Every frame but one in so many is harmless.
  private static final int FATAL_ONE_IN = 40;

  private final long seed = Long.getLong("athanor.seed", System.nanoTime());
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger offenders = new AtomicInteger();

  @Test
  void endpoint_randomFrames_endTheirOwnConnectionsOnly() throws Exception {
    Handler ear = new Ear(wrong);
    Logger.getLogger("").addHandler(ear);
    AtomicInteger ended = new AtomicInteger();
    List<RawClient> witnesses = new ArrayList<>();
    try (DemoServer server = new DemoServer()) {
      server.listenOnAnotherLoop();
      server
          .node
          .telemetry()
          .attach("test", "athanor.socket.disconnected", event -> ended.incrementAndGet());
      for (int i = 0; i < WITNESSES; i++) {
        witnesses.add(RawClient.join(server.port(), "room:quiet" + i));
      }
      attack(server, FRAMES / 5, 0);
      long before = memory();
      attack(server, FRAMES - FRAMES / 5, ATTACKERS);
      Awaitility.await().until(() -> ended.get() == offenders.get());
      assertThat(memory() - before).as("growth in bytes, seed " + seed).isLessThan(16 << 20);
      for (RawClient witness : witnesses) {
        assertThat(witness.text("[null,\"w\",\"phoenix\",\"heartbeat\",{}]").send().read())
            .contains("\"w\"");
      }
      Awaitility.await().until(() -> server.channels() == WITNESSES);
    } finally {
      Logger.getLogger("").removeHandler(ear);
      for (RawClient witness : witnesses) {
        witness.close();
      }
    }
    assertThat(wrong).as("seed " + seed).isEmpty();
  }

  private void attack(DemoServer server, int frames, int first) throws Exception {
    List<CompletableFuture<Void>> attackers = new ArrayList<>();
    for (int i = 0; i < ATTACKERS; i++) {
      Random random = new Random(seed + first + i);
      attackers.add(
          CompletableFuture.runAsync(
              () -> {
                for (int sent = 0; sent < frames / ATTACKERS; ) {
                  sent += connection(server, random);
                }
              },
              task -> Thread.ofPlatform().start(task)));
    }
    CompletableFuture.allOf(attackers.toArray(CompletableFuture[]::new)).get(120, TimeUnit.SECONDS);
  }

  private static long memory() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory() + PlatformDependent.usedDirectMemory();
  }

  /// Plays one connection to its end; returns how many frames it sent.
  private int connection(DemoServer server, Random random) {
    int frames = 1;
    String last = "";
    String expected = "";
    try (RawClient client = new RawClient(server.port(), "vsn=2.0.0")) {
      offenders.incrementAndGet();
      for (; random.nextInt(FATAL_ONE_IN) != 0; frames++) {
        harmless(random, client);
      }
      expected = fatal(random, client);
      client.trySend();
      if (!expected.equals("EOF")) {
        do {
          last = client.read();
        } while (!last.startsWith("CLOSE") && !last.equals("EOF"));
        // What is still on its way to a closed socket makes the kernel drop the goodbye.
        boolean dropped = expected.equals("CLOSE 1009") && last.equals("EOF");
        if (!last.equals(expected) && !dropped) {
          wrong.add("expected " + expected + ", got " + last);
        }
      }
    } catch (IOException broken) {
      wrong.add("expected " + expected + ", got " + broken);
    }
    return frames;
  }

  private static byte[] noise(Random random, int most) {
    byte[] noise = new byte[random.nextInt(most)];
    random.nextBytes(noise);
    return noise;
  }

  private static String topic(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> "nope";
      case 1 -> "room:" + word(random);
      default -> "room:" + random.nextInt(8);
    };
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      word.appendCodePoint(
          switch (random.nextInt(4)) {
            case 0 -> 0x4e00 + random.nextInt(1000);
            case 1 -> 0x1f600 + random.nextInt(40);
            default -> 'a' + random.nextInt(26);
          });
    }
    return word.toString();
  }

  private static String message(Random random) {
    String ref = random.nextBoolean() ? "\"" + random.nextInt(99) + "\"" : "null";
    String topic = topic(random);
    String event =
        switch (random.nextInt(8)) {
          case 0, 1 -> "phx_join";
          case 2 -> "phx_leave";
          case 3 -> "crash";
          case 4 -> word(random);
          default -> "echo";
        };
    int depth = random.nextInt(20) == 0 ? random.nextInt(900) : random.nextInt(4);
    String payload = "[".repeat(depth) + "{\"" + word(random) + "\":-1.5e3}" + "]".repeat(depth);
    return "[" + ref + "," + ref + ",\"" + topic + "\",\"" + event + "\"," + payload + "]";
  }

  private static void harmless(Random random, RawClient client) {
    switch (random.nextInt(8)) {
      case 0 -> client.text("[null,\"h\",\"phoenix\",\"heartbeat\",{}]");
      case 1 -> client.frame(0x89, noise(random, 126));
      case 2 -> client.frame(0x8a, noise(random, 126));
      case 3 -> fragments(random, client, message(random).getBytes(StandardCharsets.UTF_8));
      case 4 -> client.binary(push("1", "2", topic(random), "ok", noise(random, 300)));
      default -> client.text(message(random));
    }
  }

  private static void fragments(Random random, RawClient client, byte[] text) {
    int from = 0;
    int first = 0x01;
    while (random.nextInt(4) != 0) {
      int to = from + random.nextInt(text.length - from + 1);
      client.frame(first, Arrays.copyOfRange(text, from, to));
      first = 0x00;
      from = to;
      if (random.nextInt(3) == 0) {
        client.frame(0x89, noise(random, 10));
      }
    }
    client.frame(0x80 | first, Arrays.copyOfRange(text, from, text.length));
  }

  private static byte[] push(String joinRef, String ref, String topic, String event, byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0);
    out.write(joinRef.length());
    out.write(ref.length());
    out.write(topic.getBytes(StandardCharsets.UTF_8).length);
    out.write(event.length());
    out.writeBytes((joinRef + ref + topic + event).getBytes(StandardCharsets.UTF_8));
    out.writeBytes(data);
    return out.toByteArray();
  }

  /// Queues a frame that ends the connection; returns how it must end.
  private static String fatal(Random random, RawClient client) {
    return switch (random.nextInt(16)) {
      case 0 -> { // cut off somewhere in a message
        String whole = message(random);
        client.text(whole.substring(0, random.nextInt(whole.lastIndexOf(']'))));
        yield "CLOSE 1011";
      }
      case 1 -> {
        client.text(word(random).toLowerCase(Locale.ROOT) + "{");
        yield "CLOSE 1011";
      }
      case 2 -> {
        client.text(
            "[null,null,\"room:1\",\"echo\"," + "[".repeat(10_000) + "]".repeat(10_000) + "]");
        yield "CLOSE 1011";
      }
      case 3 -> { // lengths that lie
        byte[] lying = push("1", "2", "room:1", "ok", new byte[0]);
        lying[1 + random.nextInt(4)] = (byte) 255;
        client.binary(lying);
        yield "CLOSE 1011";
      }
      case 4 -> {
        byte[] short_ = noise(random, 5);
        client.binary(short_);
        yield "CLOSE 1011";
      }
      case 5 -> { // another kind than a push
        client.binary(new byte[] {(byte) (1 + random.nextInt(255)), 0, 0, 0, 0, 1});
        yield "CLOSE 1011";
      }
      case 6 -> { // overlong, a surrogate, too high, a stray continuation
        byte[][] wrong = {
          {(byte) 0xc0, (byte) 0x80},
          {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
          {(byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
          {(byte) 0x80}
        };
        byte[] text = message(random).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(text);
        out.writeBytes(wrong[random.nextInt(wrong.length)]);
        client.frame(0x81, out.toByteArray());
        yield "CLOSE 1007";
      }
      case 7 -> { // announced, never sent
        client.bytes(new byte[] {(byte) 0x81, (byte) 0xff, 0, 0, 0, 0, 0, 3, 0, 0});
        yield "CLOSE 1009";
      }
      case 8 -> { // fragments that never end
        client.frame(0x01, new byte[70_000]);
        client.frame(0x00, new byte[70_000]);
        yield "CLOSE 1009";
      }
      case 9 -> { // not masked
        byte[] body = noise(random, 100);
        client.bytes(new byte[] {(byte) 0x81, (byte) body.length}).bytes(body);
        yield "CLOSE 1002";
      }
      case 10 -> { // reserved bits
        client.frame(0x81 | (1 + random.nextInt(7)) << 4, noise(random, 100));
        yield "CLOSE 1002";
      }
      case 11 -> { // an opcode nobody knows
        int[] unknown = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15};
        client.frame(0x80 | unknown[random.nextInt(unknown.length)], noise(random, 100));
        yield "CLOSE 1002";
      }
      case 12 -> { // a control frame in pieces, or a long one
        if (random.nextBoolean()) {
          client.frame(0x09, noise(random, 100));
        } else {
          client.frame(0x89, new byte[126 + random.nextInt(1000)]);
        }
        yield "CLOSE 1002";
      }
      case 13 -> { // a continuation of nothing; a length below zero
        if (random.nextBoolean()) {
          client.frame(0x80, noise(random, 100));
        } else {
          client.bytes(new byte[] {(byte) 0x82, (byte) 0xff, (byte) 0x80, 0, 0, 0, 0, 0, 0, 1});
        }
        yield "CLOSE 1002";
      }
      case 14 -> { // half a character, which nobody could write back
        String half = random.nextBoolean() ? "\\ud83d" : "\\ude00";
        String topic = "room:" + half + word(random);
        client.text("[\"1\",\"1\",\"" + topic + "\",\"phx_join\",{}]");
        client.text("[\"2\",\"2\",\"" + topic + "\",\"phx_join\",{}]");
        yield "CLOSE 1011";
      }
      default -> { // hangs up in the middle of a frame
        client.bytes(new byte[] {(byte) 0x81, (byte) 0xfe, 1, 1, 1, 2, 3, 4, 'x'});
        yield "EOF";
      }
    };
  }

  /// Hears what nobody caught: event loops log it. Vert.x's checker of blocked threads tells of a
  /// busy machine and of nothing else.
  private static final class Ear extends Handler {
    private final Queue<String> heard;

    private Ear(Queue<String> heard) {
      this.heard = heard;
    }

    @Override
    public void publish(LogRecord message) {
      if (message.getLevel().intValue() >= Level.WARNING.intValue()
          && !String.valueOf(message.getLoggerName()).endsWith("BlockedThreadChecker")) {
        heard.add(message.getMessage() + " " + message.getThrown());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
