package dev.athanor.perf.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Up to 19,800 clients of one server with channels, in a process of their own, since a process may
/// not open many more files. What they are to do comes line by line over the standard input, each
/// line is answered with one; `ChannelMeter` starts as many as it needs. Ends with its input.
///
/// - `join COUNT FROM`: connects from that address and joins; answers how many did, and nanoseconds
/// - `await NUMBER`: from now on the broadcast with this number is looked for
/// - `shout NUMBER`: one client has it broadcast; answers when, by the clock all processes share
/// - `received SECONDS`: waits until all have it; answers how many have, and when the last had it
/// - `echo CLIENTS MILLIS`: so many push and wait for the reply, over and over; answers replies,
///   nanoseconds, and the latencies' p50 and p99
/// - `tell`: answers heartbeats sent and answered, connections the server closed, broadcasts that
///   came twice
/// - `leave`: closes all connections
public final class ChannelCrowd {
  private static final Map<String, String> DEFAULTS =
      Map.of("port", "18090", "topic", "room:lobby", "inflight", "256");
  private static final String END = "end";

  private ChannelCrowd() {}

  /// Does as it is told until its input ends.
  ///
  /// @param args options as `--name value`
  /// @throws Exception if a command is none, or fails
  public static void main(String[] args) throws Exception {
    Options options = Options.of(args, DEFAULTS);
    Output output = Output.standard();
    try (CrowdLoop crowd =
        new CrowdLoop(
            options.number("port", 1, 65_535),
            options.text("topic"),
            options.number("inflight", 1, 10_000))) {
      BlockingQueue<String> lines = new LinkedBlockingQueue<>();
      Thread.ofPlatform().daemon().name("commands").start(() -> read(lines, crowd));
      while (true) {
        String line = lines.poll();
        if (line == null) {
          crowd.turn(100);
        } else if (line.equals(END)) {
          return;
        } else {
          output.line(obey(crowd, line.split(" ", -1)));
        }
      }
    }
  }

  private static void read(BlockingQueue<String> lines, CrowdLoop crowd) {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
        crowd.wake();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lines.add(END);
      crowd.wake();
    }
  }

  private static String obey(CrowdLoop crowd, String[] words) throws IOException {
    return switch (words[0]) {
      case "join" -> crowd.join(Integer.parseInt(words[1]), words[2]);
      case "await" -> crowd.await(Integer.parseInt(words[1]));
      case "shout" -> crowd.shout(Integer.parseInt(words[1]));
      case "received" -> crowd.received(Integer.parseInt(words[1]));
      case "echo" -> crowd.echo(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      case "tell" -> crowd.tell();
      case "leave" -> crowd.leave();
      default -> throw new IllegalArgumentException("no command is called " + words[0]);
    };
  }
}
