package dev.athanor.perf.load;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times a campaign: gives a stream an audience of `--devices` APNs devices, each of a reader of
/// its own, publishes a breaking story on it through the editors' API, and watches the campaign
/// until it is done. Beside the rate it tells the heap of the application, read four times a second
/// from its metrics (`--management`): the most that was in use, and the least, which is what
/// collections left over, while the first and while the last quarter of the devices was sent to.
///
/// The exit status is 1 when a device was not sent to or the campaign was not done within `--wait`
/// seconds.
public final class PushMeter {
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "url", "http://127.0.0.1:8080",
          "management", "http://127.0.0.1:9000",
          "home", ".athanor",
          "devices", "1000000",
          "user", "editor",
          "password", "",
          "wait", "600");

  private static final String STREAM =
      """
      INSERT INTO stream (slug, name, kind, search) VALUES ('perf-push', 'Perf push', 'topic', '')
      ON CONFLICT (slug) DO NOTHING
      """;

  private static final String COUNT = "SELECT count(*) FROM device WHERE token LIKE 'ffff%'";

  /// Readers' ids grow with time, as those that are handed out do.
  private static final String FILL =
      """
      WITH reader AS MATERIALIZED (
        SELECT i, (lpad(to_hex(1700000000000 + i), 12, '0') || '7000'
          || substr(md5(i::text), 1, 16))::uuid AS id
        FROM generate_series(1, ?) i
      ), followed AS (
        INSERT INTO subscription (stream_id, reader_id)
        SELECT stream.id, reader.id FROM reader, stream WHERE slug = 'perf-push'
      )
      INSERT INTO device (reader_id, kind, token)
      SELECT id, 'apns', 'ffff' || lpad(to_hex(i), 60, '0') FROM reader
      """;

  private static final Pattern HEAP =
      Pattern.compile("jvm_memory_used_bytes\\{area=\"heap\"[^}]*} ([0-9.E]+)");
  private final HttpClient client = HttpClient.newHttpClient();
  private final Options options;
  private final String authorization;

  private PushMeter(Options options) {
    this.options = options;
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(
                    (options.text("user") + ":" + options.text("password"))
                        .getBytes(StandardCharsets.UTF_8));
  }

  /// Runs the meter and prints a Markdown table.
  ///
  /// @param args options as `--name value`; see the type
  /// @throws Exception if the application or its database cannot be reached, or refuses
  public static void main(String[] args) throws Exception {
    System.exit(new PushMeter(Options.of(args, DEFAULTS)).run(Output.standard()) ? 0 : 1);
  }

  private boolean run(Output out) throws Exception {
    int devices = options.number("devices", 1, 20_000_000);
    Database database = Database.find(System.getenv(), Path.of(options.text("home")));
    try (Connection connection = database.connect()) {
      fill(connection, devices);
    }
    long started = System.nanoTime();
    String campaign = publish();
    long most = 0;
    long early = Long.MAX_VALUE;
    long late = Long.MAX_VALUE;
    JsonObject now = read(campaign);
    while (!now.getString("status").equals("done")
        && System.nanoTime() - started < options.seconds("wait", 3_600).toNanos()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
      long heap = sum(HEAP, get(options.text("management") + "/q/metrics"));
      most = Math.max(most, heap);
      if (now.getLong("sent") < devices / 4) {
        early = Math.min(early, heap);
      } else if (now.getLong("sent") > devices / 4 * 3L) {
        late = Math.min(late, heap);
      }
      now = read(campaign);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    out.header(
        "devices",
        "sent",
        "time",
        "pushes a second",
        "heap, most",
        "least, first quarter",
        "least, last quarter");
    out.row(
        List.of(
            number(devices),
            number(now.getLong("sent")),
            Output.millis(took.toNanos()),
            number(now.getLong("sent") * 1000 / Math.max(1, took.toMillis())),
            megabytes(most),
            megabytes(early),
            megabytes(late)));
    return now.getString("status").equals("done") && now.getLong("sent") == devices;
  }

  private static void fill(Connection connection, int devices) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(STREAM);
      try (ResultSet count = statement.executeQuery(COUNT)) {
        if (count.next() && count.getInt(1) == devices) {
          return;
        }
      }
      statement.execute("DELETE FROM device WHERE token LIKE 'ffff%'");
      statement.execute(
          "DELETE FROM subscription USING stream WHERE stream_id = id AND slug = 'perf-push'");
      try (PreparedStatement fill = connection.prepareStatement(FILL)) {
        fill.setInt(1, devices);
        fill.executeUpdate();
      }
      statement.execute("VACUUM (ANALYZE) device, subscription");
      statement.execute("CHECKPOINT");
    }
  }

  /// The address of the campaign of a story that is published now.
  private String publish() throws IOException, InterruptedException {
    String title = "A story for everybody " + System.nanoTime();
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(options.text("url") + "/api/cms/posts"))
                .header("authorization", authorization)
                .header("content-type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        new JsonObject()
                            .put("type", "article")
                            .put("title", title)
                            .put("summary", "It says nothing else.")
                            .put("body", "Text")
                            .put("streams", List.of("perf-push"))
                            .put("breaking", true)
                            .put("publish", true)
                            .encode()))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 201) {
      throw new IllegalStateException("expected 201, got " + answer.statusCode());
    }
    String campaigns = options.text("url") + "/api/cms/campaigns";
    for (int attempt = 0; attempt < 200; attempt++) {
      for (Object each : new JsonObject(get(campaigns)).getJsonArray("data")) {
        if (each instanceof JsonObject campaign && title.equals(campaign.getString("title"))) {
          return campaigns + "/" + campaign.getString("id");
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    throw new IllegalStateException("expected a campaign for the story within 10 s, got none");
  }

  private JsonObject read(String campaign) throws IOException, InterruptedException {
    return new JsonObject(get(campaign));
  }

  private String get(String url) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(url)).header("authorization", authorization).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static long sum(Pattern pattern, String metrics) {
    double sum = 0;
    Matcher matcher = pattern.matcher(metrics);
    while (matcher.find()) {
      sum += Double.parseDouble(matcher.group(1));
    }
    return (long) sum;
  }

  private static String number(long value) {
    return String.format(Locale.ENGLISH, "%,d", value);
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.0f MB", bytes / 1e6);
  }
}
