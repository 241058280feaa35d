package dev.athanor.processor.match;

import dev.athanor.domain.http.ManagementAnswers;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.validation.FieldError;
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
    ManagementAnswers.json(context, new JsonObject().put("data", all));
  }

  private void kill(RoutingContext context) {
    if (ManagementAnswers.refusesForeign(context)) {
      return;
    }
    String id = String.valueOf(context.pathParam("id"));
    Optional<UUID> match = uuid(id);
    if (match.isPresent() && matches.kill(match.get())) {
      context.response().setStatusCode(202).end();
    } else {
      ManagementAnswers.refuse(
          context,
          Problem.of(
              404,
              "unknown-match",
              "No such match runs here",
              "Expected the id of a match whose process this node runs, got "
                  + FieldError.quote(id)
                  + "."));
    }
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
