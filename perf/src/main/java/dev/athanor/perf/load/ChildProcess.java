package dev.athanor.perf.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Another tool of this jar in a JVM of its own, which answers each line it is given with one. Its
/// standard error is ours.
final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final PrintWriter questions;

  private ChildProcess(Process process) {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.US_ASCII);
    this.questions = new PrintWriter(process.outputWriter(StandardCharsets.US_ASCII), true);
  }

  /// Starts a tool.
  ///
  /// @param flags the JVM's, blank for none
  /// @param tool its class
  /// @param arguments its options
  static ChildProcess start(String flags, Class<?> tool, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (!flags.isBlank()) {
      command.addAll(List.of(flags.trim().split("\\s+", -1)));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), tool.getName()));
    command.addAll(List.of(arguments));
    Process started =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    // Whoever ends the meter early leaves no server behind.
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(started::destroy));
    return new ChildProcess(started);
  }

  long pid() {
    return process.pid();
  }

  /// A port nobody listens on.
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// The next line it says.
  String line() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("expected a line of process " + pid() + ", got its end");
    }
    return line;
  }

  /// Gives it a line to answer; [#numbers] has the answer.
  void tell(String question) {
    questions.println(question);
  }

  /// The numbers of the next answer, which must begin with this word.
  long[] numbers(String word) throws IOException {
    String[] words = line().split(" ", -1);
    if (!words[0].equals(word)) {
      throw new IOException(
          "expected an answer '" + word + " ...', got " + String.join(" ", words));
    }
    long[] numbers = new long[words.length - 1];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Long.parseLong(words[i + 1]);
    }
    return numbers;
  }

  long[] ask(String question, String word) throws IOException {
    tell(question);
    return numbers(word);
  }

  /// Ends it, and waits for that.
  @Override
  public void close() {
    questions.close();
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
