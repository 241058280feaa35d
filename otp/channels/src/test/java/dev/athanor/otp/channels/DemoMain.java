package dev.athanor.otp.channels;

import dev.athanor.otp.channels.longpoll.LongPolling;
import java.io.PrintStream;

/// The demo server as a program of its own, to be killed: serves on the port given, says so in one
/// line, and goes on until its input ends.
final class DemoMain {
  private DemoMain() {}

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    try (DemoServer server =
        new DemoServer(port, builder -> builder.longPoll(LongPolling.DEFAULT))) {
      PrintStream out = System.out;
      out.println("serving " + server.port());
      while (System.in.read() >= 0) {
        out.flush();
      }
    }
  }
}
