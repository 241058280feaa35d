package dev.athanor.domain.outbox;

import dev.athanor.domain.http.ManagementAnswers;
import dev.athanor.domain.http.QueryParameters;
import dev.athanor.domain.outbox.OutboxProcesses.EventSource;
import dev.athanor.domain.problem.Problem;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.Context;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What an operator can see and do about events, on the management interface; without that
/// interface there is nothing.
///
/// - `GET /events`: broker, source, whether this node takes events, which shards it relays, and how
///   much waits in the outbox and in the broker's queues.
/// - `POST /events/pause`, `POST /events/resume`: 202; this node takes no events, takes them again.
/// - `GET /events/dead?limit=100`: the oldest events that were put aside, with their reasons.
/// - `POST /events/dead/replay?limit=100`: has them delivered again; `{"replayed":n}`.
///
/// A POST that a browser sends from a page of another site is refused with 403; a broker or
/// database that does not answer is a 503.
@ApplicationScoped
class EventRoutes {
  private static final int DEFAULT_LIMIT = 100;
  private static final int HIGHEST_LIMIT = 10_000;

  /// Made late: routes are registered before messaging is wired, which the processes depend on.
  private final Instance<OutboxProcesses> processes;

  @Inject
  EventRoutes(Instance<OutboxProcesses> processes) {
    this.processes = processes;
  }

  void register(@Observes ManagementInterface management) {
    var router = management.router();
    router.get("/events").handler(this::show);
    router.post("/events/pause").handler(context -> change(context, true));
    router.post("/events/resume").handler(context -> change(context, false));
    router.get("/events/dead").handler(this::dead);
    router.post("/events/dead/replay").handler(this::replay);
  }

  private void show(RoutingContext context) {
    answer(context, processes.get().depth(), this::json);
  }

  private JsonObject json(List<Broker.Depth> depths) {
    JsonArray relayed = new JsonArray();
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      if (processes.get().relays(shard)) {
        relayed.add(shard);
      }
    }
    JsonArray waiting = new JsonArray();
    for (Broker.Depth depth : depths) {
      waiting.add(
          new JsonObject()
              .put("name", depth.name())
              .put("waiting", depth.waiting() < 0 ? null : depth.waiting())
              .put("lag_seconds", depth.lagSeconds())
              .put("consumers", depth.consumers() < 0 ? null : depth.consumers()));
    }
    EventSource source = processes.get().source();
    return new JsonObject()
        .put("broker", processes.get().broker().name())
        .put("source", source.name().toLowerCase(Locale.ROOT))
        .put("paused", processes.get().broker().paused())
        .put("relays", relayed)
        .put("data", waiting);
  }

  private void change(RoutingContext context, boolean pause) {
    if (ManagementAnswers.refusesForeign(context)) {
      return;
    }
    if (pause) {
      processes.get().broker().pause();
    } else {
      processes.get().broker().resume();
    }
    context.response().setStatusCode(202).end();
  }

  private void dead(RoutingContext context) {
    Integer limit = limit(context);
    if (limit != null) {
      answer(
          context,
          processes.get().broker().dead(limit),
          letters ->
              new JsonObject()
                  .put("data", new JsonArray(letters.stream().map(EventRoutes::json).toList())));
    }
  }

  private void replay(RoutingContext context) {
    Integer limit = ManagementAnswers.refusesForeign(context) ? null : limit(context);
    if (limit != null) {
      answer(
          context,
          processes.get().broker().replay(limit),
          replayed -> new JsonObject().put("replayed", replayed));
    }
  }

  private static JsonObject json(Broker.DeadLetter letter) {
    return new JsonObject()
        .put("id", letter.id() == null ? null : letter.id().toString())
        .put("type", letter.type())
        .put("key", letter.key())
        .put("reason", letter.reason())
        .put("at", letter.at() == null ? null : letter.at().toString());
  }

  private static <T> void answer(
      RoutingContext context, CompletionStage<T> stage, Function<T, JsonObject> body) {
    Context own = context.vertx().getOrCreateContext();
    stage.whenComplete(
        (value, failure) ->
            own.runOnContext(
                _ -> {
                  if (failure == null) {
                    ManagementAnswers.json(context, body.apply(value));
                  } else {
                    ManagementAnswers.refuse(context, unavailable(failure));
                  }
                }));
  }

  private static Problem unavailable(Throwable failure) {
    return Problem.of(
        503, "unavailable", "The broker or the database does not answer", failure.toString());
  }

  private static @Nullable Integer limit(RoutingContext context) {
    String text = String.valueOf(context.request().query());
    try {
      text = QueryParameters.of(context.request().query()).first("limit");
      if (text == null) {
        return DEFAULT_LIMIT;
      }
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= HIGHEST_LIMIT) {
        return limit;
      }
    } catch (IllegalArgumentException notOne) {
      // refused below
    }
    ManagementAnswers.refuse(
        context, Problem.parameter("limit", "a whole number from 1 to " + HIGHEST_LIMIT, text));
    return null;
  }
}
