package dev.athanor.perf.load;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/// One published story and when each reader had it, on the clock of `System.nanoTime`. Readers
/// write from their event loop, the publisher from its own; the one who waits sees both through
/// the latch.
final class Publication {
  static final long NEVER = Long.MIN_VALUE;

  private final AtomicLongArray received;
  private final CountDownLatch missing;
  private volatile long called = NEVER;
  private volatile long answered = NEVER;

  Publication(int readers) {
    received = new AtomicLongArray(readers);
    for (int i = 0; i < readers; i++) {
      received.set(i, NEVER);
    }
    missing = new CountDownLatch(readers);
  }

  void callNow() {
    called = System.nanoTime();
  }

  void answerNow() {
    answered = System.nanoTime();
  }

  /// Whether it was this reader's first frame.
  boolean receive(int reader, long at) {
    boolean first = received.compareAndSet(reader, NEVER, at);
    if (first) {
      missing.countDown();
    }
    return first;
  }

  boolean awaitAll(Duration wait) throws InterruptedException {
    return missing.await(wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  int readers() {
    return received.length();
  }

  long missing() {
    return missing.getCount();
  }

  long called() {
    return called;
  }

  long answered() {
    return answered;
  }

  long received(int reader) {
    return received.get(reader);
  }
}
