package dev.athanor.perf.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Measures the way of events from the outbox to a server's consumers.
///
/// First the delay: `--rate` events a second for `--seconds`, each in a transaction of its own; the
/// server's own timer says how long after its place in the outbox was taken (before the commit) an
/// event was offered to the consumers; its histogram before these events is taken off, and a
/// percentile is interpolated within its bucket.
///
/// Then the throughput: `--events` events, written by one statement, from the commit until the last
/// has been offered, as often as `--rounds` says.
///
/// The events are of a type that has no effect, spread over 1,000 keys.
public final class EventMeter {
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "management", "http://127.0.0.1:9000",
          "home", ".athanor",
          "events", "200000",
          "rounds", "4",
          "rate", "500",
          "seconds", "15",
          "wait", "120");

  private static final String COUNT = "athanor_events_delay_seconds_count";
  private static final Pattern BUCKET =
      Pattern.compile("athanor_events_delay_seconds_bucket\\{.*le=\"([^\"]+)\".*} (\\S+)");
  private static final String ONE =
      "INSERT INTO outbox (type, key, payload, streams) VALUES ('perf.event', ?, '{}', '{}')";
  private static final String MANY =
      """
      INSERT INTO outbox (type, key, payload, streams)
      SELECT 'perf.event', 'perf-' || i % 1000, '{"n":' || i || '}', '{}'
      FROM generate_series(1, ?) i ORDER BY i
      """;

  private final Options options;
  private final Database database;
  private final HttpClient http = HttpClient.newHttpClient();

  private EventMeter(Options options) {
    this.options = options;
    this.database = Database.find(System.getenv(), Path.of(options.text("home")));
  }

  /// Runs the meter and prints Markdown tables.
  ///
  /// @param args options as `--name value`; see the type
  /// @throws Exception if server or database cannot be reached, or events do not arrive in time
  public static void main(String[] args) throws Exception {
    new EventMeter(Options.of(args, DEFAULTS)).run(Output.standard());
  }

  private void run(Output output) throws Exception {
    try (Connection connection = database.connect()) {
      throughput(connection, 20_000);
      int rate = options.number("rate", 1, 100_000);
      NavigableMap<Double, Double> before = buckets();
      long sent = delay(connection, rate);
      NavigableMap<Double, Double> delays = buckets();
      delays.replaceAll((bound, count) -> count - before.getOrDefault(bound, 0.0));
      output.line("%d events, %d a second, one transaction each.".formatted(sent, rate));
      output.line("");
      output.header("place in the outbox taken to offered to the consumers", "");
      output.row(List.of("p50", millis(quantile(delays, 0.5))));
      output.row(List.of("p99", millis(quantile(delays, 0.99))));
      output.line("");
      int events = options.number("events", 1, 10_000_000);
      output.header("round", "events", "seconds", "events a second");
      for (int round = 1; round <= options.number("rounds", 1, 100); round++) {
        double seconds = throughput(connection, events);
        output.row(
            List.of(
                Integer.toString(round),
                Integer.toString(events),
                String.format(Locale.ROOT, "%.2f", seconds),
                String.format(Locale.ROOT, "%,.0f", events / seconds)));
      }
    }
  }

  private long delay(Connection connection, int rate) throws Exception {
    long before = (long) metric(COUNT);
    long gap = TimeUnit.SECONDS.toNanos(1) / rate;
    long count = rate * options.seconds("seconds", 3_600).toSeconds();
    long next = System.nanoTime();
    try (PreparedStatement insert = connection.prepareStatement(ONE)) {
      for (long i = 0; i < count; i++) {
        while (System.nanoTime() < next) {
          LockSupport.parkNanos(next - System.nanoTime());
        }
        next += gap;
        insert.setString(1, "perf-" + i % 1000);
        insert.executeUpdate();
      }
    }
    await(before + count);
    return count;
  }

  private double throughput(Connection connection, int events) throws Exception {
    long before = (long) metric(COUNT);
    try (PreparedStatement insert = connection.prepareStatement(MANY)) {
      insert.setInt(1, events);
      insert.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("the events could not be written", e);
    }
    long committed = System.nanoTime();
    return (await(before + events) - committed) / 1e9;
  }

  private long await(long count) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(options.number("wait", 1, 3_600)).toNanos();
    while (metric(COUNT) < count) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "expected %d events at the consumers, got %.0f".formatted(count, metric(COUNT)));
      }
      LockSupport.parkNanos(20_000_000L);
    }
    return System.nanoTime();
  }

  /// The second below which a share of the events lay, as Prometheus' histogram_quantile tells it.
  ///
  /// @param buckets how many events took at most so many seconds, by these seconds
  private static double quantile(NavigableMap<Double, Double> buckets, double share) {
    double wanted = share * buckets.lastEntry().getValue();
    double lower = 0;
    double below = 0;
    for (Map.Entry<Double, Double> bucket : buckets.entrySet()) {
      double upper = bucket.getKey();
      double count = bucket.getValue();
      if (count >= wanted) {
        return Double.isInfinite(upper)
            ? lower
            : lower + (upper - lower) * (wanted - below) / (count - below);
      }
      lower = upper;
      below = count;
    }
    throw new IllegalStateException("the histogram has no last bucket");
  }

  private NavigableMap<Double, Double> buckets() throws IOException, InterruptedException {
    NavigableMap<Double, Double> found = new TreeMap<>();
    for (Matcher each : metrics().map(BUCKET::matcher).filter(Matcher::matches).toList()) {
      String bound = each.group(1);
      found.put(
          bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound),
          Double.parseDouble(each.group(2)));
    }
    return found;
  }

  private double metric(String prefix) throws IOException, InterruptedException {
    return metrics()
        .filter(line -> line.startsWith(prefix))
        .findFirst()
        .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .orElseThrow(() -> new IllegalStateException("the server has no metric " + prefix));
  }

  private Stream<String> metrics() throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create(options.text("management") + "/q/metrics")).build(),
            HttpResponse.BodyHandlers.ofString())
        .body()
        .lines();
  }

  private static String millis(double seconds) {
    return Output.millis((long) (seconds * 1e9));
  }
}
