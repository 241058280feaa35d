package dev.athanor.otp.channels;

import dev.athanor.otp.channels.transport.CloseCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// How an endpoint that stops tells its connections to go (the `drainer` of a Phoenix socket): some
/// at a time, so that their clients do not all knock at the other servers' doors at once.
///
/// Each batch is closed with code 1012 and reported as `athanor.socket.drain`.
///
/// @param batch how many connections at a time; 10,000 by default
/// @param interval the time between two batches; 2 s by default
/// @param patience how long it may take altogether; 30 s by default; then those left are closed at
///   once
public record Drain(int batch, Duration interval, Duration patience) {
  /// The defaults.
  public static final Drain DEFAULT =
      new Drain(10_000, Duration.ofSeconds(2), Duration.ofSeconds(30));

  /// How long closed connections' channels may take for their last callbacks.
  static final Duration LAST_CALLBACKS = Duration.ofSeconds(5);

  /// Refuses batches of nobody and times below zero.
  public Drain {
    if (batch < 1) {
      throw new IllegalArgumentException("expected a batch of at least 1, got " + batch);
    }
    if (interval.isNegative() || patience.isNegative()) {
      throw new IllegalArgumentException(
          "expected an interval and a patience of zero or more, got "
              + interval
              + " and "
              + patience);
    }
  }

  /// The same with other batches.
  ///
  /// @param size how many connections at a time
  /// @param every the time between two batches
  /// @return the drain
  public Drain withBatches(int size, Duration every) {
    return new Drain(size, every, patience);
  }

  CompletionStage<Void> begin(Endpoint endpoint) {
    Course course = new Course(endpoint);
    course.count();
    endpoint.node().scheduler().schedule(patience.toNanos(), course::hurry);
    return course.over;
  }

  /// One drain under way. Its steps follow each other, on whichever thread the last of the answers
  /// came; only [#hurry] comes from elsewhere and touches nothing but the future.
  @SuppressWarnings("FutureReturnValueIgnored") // its steps do not fail
  private final class Course {
    private final Endpoint endpoint;
    private final List<Crew> crews;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private int total = -1;
    private int index;

    private Course(Endpoint endpoint) {
      this.endpoint = endpoint;
      this.crews = endpoint.crews();
    }

    /// Asks every loop how many connections it has, then closes one batch of them.
    private void count() {
      if (over.isDone()) {
        return;
      }
      List<CompletableFuture<Integer>> sizes =
          crews.stream().map(crew -> crew.ask(crew::size)).toList();
      CompletableFuture.allOf(sizes.toArray(CompletableFuture[]::new))
          .thenRun(() -> closeBatch(sizes.stream().map(CompletableFuture::join).toList()));
    }

    private void closeBatch(List<Integer> sizes) {
      int left = sizes.stream().mapToInt(Integer::intValue).sum();
      if (total < 0) {
        total = left;
      }
      if (left == 0) {
        awaitChannels();
        return;
      }
      int count = Math.min(batch, left);
      endpoint.reports.draining(count, total, ++index, index + (left - 1) / batch);
      int given = 0;
      int seen = 0;
      for (int i = 0; i < crews.size(); i++) {
        Crew crew = crews.get(i);
        seen += sizes.get(i);
        int share = (int) ((long) count * seen / left) - given;
        given += share;
        crew.lane.execute(
            () -> crew.forEachLast(share, session -> session.close(CloseCode.RESTART)));
      }
      long pause = count == left ? 0 : interval.toNanos();
      endpoint.node().scheduler().schedule(pause, this::count);
    }

    private void awaitChannels() {
      List<CompletableFuture<Void>> empty = new ArrayList<>();
      for (Crew crew : crews) {
        CompletableFuture<Void> one = new CompletableFuture<>();
        crew.lane.execute(() -> crew.whenEmpty(() -> one.complete(null)));
        empty.add(one);
      }
      CompletableFuture.allOf(empty.toArray(CompletableFuture[]::new))
          .thenRun(() -> over.complete(null));
    }

    private void hurry() {
      if (!over.isDone()) {
        endpoint.closeSockets(CloseCode.RESTART);
        endpoint.node().scheduler().schedule(LAST_CALLBACKS.toNanos(), () -> over.complete(null));
        awaitChannels();
      }
    }
  }
}
