package dev.athanor.perf.load;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Measures how long after publishing a story its readers have it.
///
/// Joins `--readers` WebSocket connections to one stream over the Phoenix V2 protocol, publishes
/// `--posts` stories at `--rate` a second through `POST /api/cms/posts`, and takes for every story
/// and every reader the time from the answer of the publish call to the arrival of the frame, and
/// from the call itself. A frame that overtakes the answer counts as zero. Readers and publisher
/// share this process and its clock; everything is bounded by `--wait` seconds. The stories are
/// withdrawn at the end.
///
/// The exit status is 1 when a frame was lost or came twice.
public final class DeliveryMeter {
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "url", "http://127.0.0.1:8080",
          "readers", "100",
          "posts", "200",
          "warmup", "20",
          "rate", "10",
          "stream", "football",
          "user", "editor",
          "password", "",
          "wait", "5");

  private final Options options;
  private final int readers;
  private final Duration wait;

  private DeliveryMeter(Options options) {
    this.options = options;
    this.readers = options.number("readers", 1, 15_000);
    this.wait = options.seconds("wait", 60);
  }

  /// Runs the meter and prints a Markdown table.
  ///
  /// @param args options as `--name value`; see the type
  /// @throws Exception if the server cannot be reached, refuses, or does not answer in time
  public static void main(String[] args) throws Exception {
    System.exit(measure(Output.standard(), args) ? 0 : 1);
  }

  /// Whether every reader had every story once.
  static boolean measure(Output output, String... args) throws Exception {
    return new DeliveryMeter(Options.of(args, DEFAULTS)).run(output);
  }

  private boolean run(Output output) throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    try {
      URI url = URI.create(options.text("url"));
      Publisher publisher =
          new Publisher(vertx, url, options.text("user"), password(), options.text("stream"));
      Readers crowd = new Readers(vertx, url, "stream:" + options.text("stream"), readers);
      crowd.join(Duration.ofSeconds(30));
      publish(publisher, crowd, "warm-up", options.number("warmup", 0, 10_000), null);
      Tally tally = new Tally();
      publish(publisher, crowd, "measured", options.number("posts", 1, 100_000), tally);
      tally.print(output, readers, crowd.repeated());
      publisher.withdrawAll(Duration.ofSeconds(60));
      crowd.close();
      return tally.lost == 0 && crowd.repeated() == 0;
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  private String password() {
    String given = options.text("password");
    String password = given.isEmpty() ? System.getenv("ATHANOR_EDITOR_PASSWORD") : given;
    if (password == null || password.isEmpty()) {
      throw new IllegalArgumentException(
          "expected the editor's password in ATHANOR_EDITOR_PASSWORD or --password, got none");
    }
    return password;
  }

  private void publish(
      Publisher publisher, Readers crowd, String kind, int posts, @Nullable Tally tally)
      throws Exception {
    long gap = TimeUnit.SECONDS.toNanos(1) / options.number("rate", 1, 10_000);
    long next = System.nanoTime();
    for (int i = 0; i < posts; i++) {
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
      next = Math.max(next + gap, System.nanoTime());
      String title =
          "Delivery, %s %d of run %d".formatted(kind, i + 1, ProcessHandle.current().pid());
      Publication publication = crowd.expect(title);
      publisher.publish(title, publication, wait);
      boolean all = publication.awaitAll(wait);
      if (tally != null) {
        tally.add(publication);
      } else if (!all) {
        throw new IllegalStateException(
            "expected a frame at each of %d readers within %s, got %d"
                .formatted(readers, wait, readers - publication.missing()));
      }
      crowd.forget(title);
    }
  }

  /// The figures of a run.
  private static final class Tally {
    private final Histogram afterAnswer = new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
    private final Histogram afterCall = new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
    private final Histogram answer = new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
    private long overtook;
    private long lost;
    private long posts;

    void add(Publication publication) {
      posts++;
      answer.recordValue(publication.answered() - publication.called());
      for (int reader = 0; reader < publication.readers(); reader++) {
        long at = publication.received(reader);
        if (at == Publication.NEVER) {
          lost++;
        } else {
          overtook += at < publication.answered() ? 1 : 0;
          afterAnswer.recordValue(Math.max(0, at - publication.answered()));
          afterCall.recordValue(Math.max(0, at - publication.called()));
        }
      }
    }

    void print(Output output, int readers, long repeated) {
      output.line(
          ("%d stories to %d readers: %d frames, %d lost, %d repeated, %d ahead of the publisher's"
                  + " own answer.")
              .formatted(posts, readers, afterAnswer.getTotalCount(), lost, repeated, overtook));
      output.line("");
      output.header("time", "p50", "p99", "max");
      row(output, "publish answered to frame received", afterAnswer);
      row(output, "publish called to frame received", afterCall);
      row(output, "publish called to answered", answer);
    }

    private static void row(Output output, String name, Histogram times) {
      output.row(
          List.of(
              name,
              Output.millis(times.getValueAtPercentile(50)),
              Output.millis(times.getValueAtPercentile(99)),
              Output.millis(times.getMaxValue())));
    }
  }
}
