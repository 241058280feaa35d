package dev.athanor.web.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.athanor.domain.input.JsonInput;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.readers.Device;
import dev.athanor.domain.readers.DeviceKind;
import dev.athanor.domain.readers.Devices;
import dev.athanor.domain.readers.Readers;
import dev.athanor.domain.readers.Subscriptions;
import dev.athanor.domain.streams.Stream;
import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.InvalidContent;
import dev.athanor.otp.process.Name;
import dev.athanor.web.Throttle;
import dev.athanor.web.WebConfig;
import dev.athanor.web.live.ReaderNews;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The routes on which a reader is made and says what to follow and where to push to.
///
/// - `POST /api/readers` → 201 `{"id","token"}`; the token is shown to all others as
///   `Authorization: Bearer`
/// - `GET /api/me/subscriptions` → `{"data":[{"slug","name","kind"}]}`
/// - `PUT|DELETE /api/me/subscriptions/{slug}` → 204
/// - `POST /api/me/devices` → 201, or 200 for one that is there, `{"id","kind"}`
/// - `DELETE /api/me/devices/{id}` → 204
///
/// Bodies are at most 8 KiB of strict JSON; refusals are problem details.
@ApplicationScoped
class ReaderApi {
  private static final String SUBSCRIPTIONS = "/api/me/subscriptions";
  private static final String DEVICES = "/api/me/devices";
  private static final List<String> DEVICE = List.of("kind", "token", "endpoint", "keys");
  private static final List<String> KEYS = List.of("p256dh", "auth");

  private static final Uni<@Nullable UUID> NOBODY = Uni.createFrom().nullItem();

  private final Readers readers;
  private final Subscriptions subscriptions;
  private final Devices devices;
  private final StreamApi streams;
  private final ReaderNews news;
  private final Throttle newcomers;
  private final Throttle changes;

  @Inject
  ReaderApi(
      Readers readers,
      Subscriptions subscriptions,
      Devices devices,
      StreamApi streams,
      ReaderNews news,
      WebConfig config) {
    this.readers = readers;
    this.subscriptions = subscriptions;
    this.devices = devices;
    this.streams = streams;
    this.news = news;
    int made = config.readers().madePerSecond();
    this.newcomers = new Throttle(made, 10 * made);
    int changed = config.readers().changesPerSecond();
    this.changes = new Throttle(changed, 20 * changed);
  }

  void routes(@Observes Router router) {
    ReaderExchange.Refusals refusals = streams::refuse;
    router.route("/api/readers").handler(ReaderExchange.handler(refusals, this::make));
    router.route("/api/me/*").handler(ReaderExchange.handler(refusals, this::mine));
  }

  private void make(ReaderExchange exchange) {
    exchange.allow(HttpMethod.POST);
    exchange.hold(newcomers.take(exchange.address()));
    exchange.when(
        readers.create(),
        made ->
            exchange.json(
                201,
                JsonNodeFactory.instance
                    .objectNode()
                    .put("id", made.id().toString())
                    .put("token", made.token())));
  }

  private void mine(ReaderExchange exchange) {
    String token = exchange.bearer();
    exchange.when(
        token == null ? NOBODY : readers.recognize(token),
        reader -> {
          if (reader == null) {
            throw exchange.unauthorized(token != null);
          }
          dispatch(exchange, reader);
        });
  }

  private void dispatch(ReaderExchange exchange, UUID reader) {
    String path = exchange.path();
    if (path.equals(SUBSCRIPTIONS)) {
      exchange.allow(HttpMethod.GET);
      exchange.when(subscriptions.of(reader), found -> exchange.json(200, list(found)));
    } else if (path.startsWith(SUBSCRIPTIONS + "/")) {
      exchange.allow(HttpMethod.PUT, HttpMethod.DELETE);
      exchange.hold(changes.take(reader));
      String slug = StreamApi.segment(path, SUBSCRIPTIONS.length() + 1, path.length());
      exchange.when(
          exchange.method().equals(HttpMethod.PUT)
              ? subscriptions.follow(reader, slug).invoke(() -> news.followed(reader, slug))
              : subscriptions.leave(reader, slug).invoke(() -> news.left(reader, slug)),
          _ -> exchange.done());
    } else if (path.equals(DEVICES)) {
      exchange.allow(HttpMethod.POST);
      exchange.hold(changes.take(reader));
      exchange.body(body -> register(exchange, reader, device(body)));
    } else if (path.startsWith(DEVICES + "/")) {
      exchange.allow(HttpMethod.DELETE);
      exchange.hold(changes.take(reader));
      forget(exchange, reader, path.substring(DEVICES.length() + 1));
    } else {
      throw new Refused(
          Problem.of(
              404,
              "not-found",
              "There is nothing here",
              "Expected " + SUBSCRIPTIONS + " or " + DEVICES + ", got " + path + "."));
    }
  }

  private void register(ReaderExchange exchange, UUID reader, Device device) {
    exchange.when(
        devices.register(reader, device),
        registered ->
            exchange.json(
                registered.fresh() ? 201 : 200,
                JsonNodeFactory.instance
                    .objectNode()
                    .put("id", Long.toString(registered.id()))
                    .put("kind", device.kind().wireName())));
  }

  private void forget(ReaderExchange exchange, UUID reader, String id) {
    Refused unknown =
        new Refused(
            Problem.of(
                404,
                "unknown-device",
                "There is no such device",
                "Expected the id of a device of yours, got " + FieldError.quote(id) + "."));
    if (!id.matches("[0-9]{1,18}")) {
      throw unknown;
    }
    exchange.when(
        devices.forget(reader, Long.parseLong(id)),
        gone -> {
          if (!gone) {
            throw unknown;
          }
          exchange.done();
        });
  }

  private static Device device(byte[] json) {
    JsonInput input = JsonInput.read(json, DEVICE, Map.of());
    String kind = input.text("kind");
    String token = input.text("token");
    String endpoint = input.text("endpoint");
    JsonInput keys = input.object("keys", KEYS);
    String p256dh = keys == null ? null : keys.text("p256dh");
    String auth = keys == null ? null : keys.text("auth");
    input.check();
    return switch (kind(kind)) {
      case APNS -> {
        foreign("apns", "endpoint", endpoint);
        yield Device.apns(token);
      }
      case WEBPUSH -> {
        foreign("webpush", "token", token);
        yield Device.webPush(endpoint, p256dh, auth);
      }
      case FCM -> {
        foreign("fcm", "endpoint", endpoint);
        yield Device.fcm(token);
      }
    };
  }

  private static DeviceKind kind(@Nullable String text) {
    List<String> names = Arrays.stream(DeviceKind.values()).map(DeviceKind::wireName).toList();
    if (text != null && names.contains(text)) {
      return DeviceKind.ofWireName(text);
    }
    String meant = text == null ? null : Name.nearest(text, names);
    throw InvalidContent.of(
        "kind",
        "one of "
            + String.join(", ", names)
            + (meant == null ? "" : " (did you mean " + meant + "?)"),
        text == null ? "nothing" : FieldError.quote(text));
  }

  private static void foreign(String kind, String field, @Nullable String value) {
    if (value != null) {
      throw InvalidContent.of(
          field, "nothing for a device of kind " + kind, FieldError.quote(value));
    }
  }

  private static ObjectNode list(List<Stream> found) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode data = json.putArray("data");
    for (Stream stream : found) {
      data.addObject()
          .put("slug", stream.slug())
          .put("name", stream.name())
          .put("kind", stream.kind().wireName());
    }
    return json;
  }
}
