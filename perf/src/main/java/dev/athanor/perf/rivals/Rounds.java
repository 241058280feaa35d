package dev.athanor.perf.rivals;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How a workload is measured: rounds to warm up for a while, then rounds that count, of which the
/// median is printed as `name value`.
final class Rounds {
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final int LEAST_WARM_UPS = 5;
  private static final int COUNTED = 9;

  private static final PrintStream OUT =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  private Rounds() {}

  /// One round of a workload.
  @FunctionalInterface
  interface Round {
    /// Runs it to its end.
    ///
    /// @throws Exception ends the measurement
    void run() throws Exception;
  }

  static void print(String name, double value) {
    OUT.println(name + " " + String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value));
  }

  /// Prints millions of operations a second.
  static void rate(String name, long operations, Round round) throws Exception {
    print(name, operations / median(round) * 1e3);
  }

  /// The median of the time a round takes, in nanoseconds.
  static double median(Round round) throws Exception {
    long end = System.nanoTime() + WARM_UP_NANOS;
    for (int i = 0; i < LEAST_WARM_UPS || System.nanoTime() < end; i++) {
      round.run();
    }
    double[] nanos = new double[COUNTED];
    for (int i = 0; i < COUNTED; i++) {
      long start = System.nanoTime();
      round.run();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[COUNTED / 2];
  }

  /// Prints median and p99 of a sample in nanoseconds as microseconds.
  static void percentiles(String name, long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    print(name + "_median", sorted[sorted.length / 2] / 1e3);
    print(name + "_p99", sorted[(int) (sorted.length * 0.99)] / 1e3);
  }

  /// Bytes of heap in use after garbage collections.
  static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("a round did not end within 60 s; left: " + latch);
    }
  }

  /// Keeps a core busy for a while.
  static void spin(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
