package dev.athanor.perf.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Servers with channels and a crowd of clients for each: what `ChannelMeter` measures on.
final class ChannelLoad implements AutoCloseable {
  /// What the server's JVMs did while something happened.
  record Cost(double seconds, double cpuSeconds) {
    double cores() {
      return cpuSeconds / seconds;
    }
  }

  /// Some broadcasts to everybody.
  record Broadcasts(double p50Millis, double worstMillis, double cpuMillis) {}

  /// A closed loop of pushes and replies.
  record Echoes(double aSecond, double p50Millis, double p99Millis, double cpuMicros) {}

  /// The next source address; each is used once, since its ports rest a minute when they are
  // closed.
  private static int source = 2;

  private final List<ChildProcess> servers = new ArrayList<>();
  private final List<ChildProcess> crowds = new ArrayList<>();
  private int broadcasts;
  private int connections;

  /// Starts the servers and, for each, the process of its clients.
  ChannelLoad(int count, String flags, Class<?> server, String... arguments) throws IOException {
    try {
      for (int i = 0; i < count; i++) {
        String port = String.valueOf(ChildProcess.freePort());
        List<String> all = new ArrayList<>(List.of("--port", port));
        all.addAll(Arrays.asList(arguments));
        ChildProcess started = ChildProcess.start(flags, server, all.toArray(String[]::new));
        servers.add(started);
        started.line();
        crowds.add(
            ChildProcess.start(
                "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=4",
                ChannelCrowd.class,
                "--port",
                port));
      }
    } catch (IOException | RuntimeException failure) {
      close();
      throw failure;
    }
  }

  /// Connects and joins as many clients, the same number to each server, each crowd from an address
  /// of its own that it has not used before.
  Cost join(int count) throws IOException {
    double cpu = cpuSeconds();
    long start = System.nanoTime();
    int left = count;
    for (int i = 0; i < crowds.size(); i++) {
      int share = left / (crowds.size() - i);
      left -= share;
      crowds.get(i).tell("join %d 127.0.%d.%d".formatted(share, source >> 7, source & 127));
      source++;
    }
    long joined = 0;
    for (ChildProcess crowd : crowds) {
      joined += crowd.numbers("joined")[0];
    }
    if (joined != count) {
      throw new IOException("expected %d clients to join, %d did".formatted(count, joined));
    }
    connections = count;
    return new Cost((System.nanoTime() - start) / 1e9, cpuSeconds() - cpu);
  }

  /// Lets them be, but for their heartbeats.
  Cost idle(Duration time) throws IOException {
    double cpu = cpuSeconds();
    long start = System.nanoTime();
    LockSupport.parkNanos(time.toNanos());
    for (ChildProcess crowd : crowds) {
      long[] told = crowd.ask("tell", "told");
      if (told[2] != 0 || told[3] != 0) {
        throw new IOException(
            "expected nobody to be closed and nothing twice, got " + Arrays.toString(told));
      }
    }
    return new Cost((System.nanoTime() - start) / 1e9, cpuSeconds() - cpu);
  }

  /// Broadcasts some times, from one client of each server, until the last client has it.
  Broadcasts broadcast(int times, Duration apart) throws IOException {
    double[] millis = new double[times];
    double cpu = cpuSeconds();
    for (int i = 0; i < times; i++) {
      int number = broadcasts++;
      for (ChildProcess crowd : crowds) {
        crowd.ask("await " + number, "awaiting");
      }
      crowds.forEach(crowd -> crowd.tell("shout " + number));
      long first = Long.MAX_VALUE;
      for (ChildProcess crowd : crowds) {
        first = Math.min(first, crowd.numbers("shouted")[0]);
      }
      crowds.forEach(crowd -> crowd.tell("received 20"));
      long last = 0;
      long received = 0;
      for (ChildProcess crowd : crowds) {
        long[] answer = crowd.numbers("received");
        received += answer[0];
        last = Math.max(last, answer[1]);
      }
      if (received != connections) {
        throw new IOException(
            "expected a broadcast at each of %d clients, got %d".formatted(connections, received));
      }
      millis[i] = (last - first) / 1e6;
      LockSupport.parkNanos(apart.toNanos());
    }
    double spent = (cpuSeconds() - cpu) * 1e3 / times;
    Arrays.sort(millis);
    return new Broadcasts(millis[times / 2], millis[times - 1], spent);
  }

  /// So many clients of the first server push and wait for their replies; the first second is for
  /// warming up.
  Echoes echo(int clients, Duration time) throws IOException {
    ChildProcess crowd = crowds.getFirst();
    crowd.ask("echo %d 1000".formatted(clients), "echoed");
    double cpu = cpuSeconds();
    long[] answer = crowd.ask("echo %d %d".formatted(clients, time.toMillis()), "echoed");
    double spent = cpuSeconds() - cpu;
    return new Echoes(
        answer[0] / (answer[1] / 1e9), answer[2] / 1e6, answer[3] / 1e6, spent * 1e6 / answer[0]);
  }

  /// Everybody closes; returns when the servers have come to rest.
  void leave() throws IOException {
    for (ChildProcess crowd : crowds) {
      crowd.tell("leave");
    }
    for (ChildProcess crowd : crowds) {
      crowd.numbers("left");
    }
    connections = 0;
    double cpu = cpuSeconds();
    for (int i = 0; i < 40; i++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
      double now = cpuSeconds();
      if (now - cpu < 0.02 * servers.size()) {
        return;
      }
      cpu = now;
    }
  }

  double cpuSeconds() throws IOException {
    double sum = 0;
    for (ChildProcess server : servers) {
      sum += Footprint.cpuSeconds(server.pid());
    }
    return sum;
  }

  long residentKb() throws IOException {
    long sum = 0;
    for (ChildProcess server : servers) {
      sum += Footprint.residentKb(server.pid());
    }
    return sum;
  }

  /// What is reachable in the first server's heap.
  long reachableKb() throws IOException, InterruptedException {
    return Footprint.reachableKb(servers.getFirst().pid());
  }

  @Override
  public void close() {
    crowds.forEach(ChildProcess::close);
    servers.forEach(ChildProcess::close);
  }
}
