package dev.athanor.processor.match;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What an operator can see and do about the matches, on the management interface; without that
/// interface there is nothing.
///
/// - `GET /processes/matches`: the match processes of this node, the next moment first.
/// - `POST /processes/matches/{id}/kill`: 202, the process is killed and its supervisor starts
///   another; 404 when there is none; 403 when a browser sends it from a page of another site.
@ApplicationScoped
class MatchRoutes {
  private final Matches matches;

  MatchRoutes(Matches matches) {
    this.matches = matches;
  }

  void register(@Observes ManagementInterface management) {
    management.router().get("/processes/matches").handler(this::list);
    management.router().post("/processes/matches/:id/kill").handler(this::kill);
  }

  private void list(RoutingContext context) {
    JsonArray all = new JsonArray();
    matches.cards().forEach(card -> all.add(json(card)));
    context
        .response()
        .putHeader("Content-Type", "application/json")
        .end(new JsonObject().put("data", all).toBuffer());
  }

  private void kill(RoutingContext context) {
    String site = context.request().getHeader("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      refuse(context, 403, "Forbidden", "A page of another site may not kill processes");
      return;
    }
    String id = String.valueOf(context.pathParam("id"));
    Optional<UUID> match = uuid(id);
    if (match.isPresent() && matches.kill(match.get())) {
      context.response().setStatusCode(202).end();
    } else {
      refuse(context, 404, "Not Found", "No process of a match " + id + " is running here");
    }
  }

  private static void refuse(RoutingContext context, int status, String title, String detail) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/problem+json")
        .end(
            new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("instance", context.request().path())
                .toBuffer());
  }

  private static JsonObject json(MatchBoard.Card card) {
    JsonObject json = new JsonObject().put("id", card.id().toString());
    MatchView view = card.view();
    if (view != null) {
      json.put("teams", new JsonArray().add(view.team1()).add(view.team2()))
          .put("minute", view.minute())
          .put("score", score(view))
          .put("status", view.status())
          .put("step", view.step())
          .put("steps", view.steps())
          .put("due", view.due() == null ? null : view.due().toString());
    }
    return json.put("pid", card.pid().toString()).put("restarts", card.restarts());
  }

  private static @Nullable JsonArray score(MatchView view) {
    return view.score1() == null || view.score2() == null
        ? null
        : new JsonArray().add(view.score1()).add(view.score2());
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }
}
