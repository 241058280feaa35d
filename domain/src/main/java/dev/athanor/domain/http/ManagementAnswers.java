package dev.athanor.domain.http;

import dev.athanor.domain.problem.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/// How the routes of the management interface answer. On the event loop of the request.
public final class ManagementAnswers {
  private ManagementAnswers() {}

  /// Answers 200.
  public static void json(RoutingContext context, JsonObject body) {
    context.response().putHeader("Content-Type", "application/json").end(body.toBuffer());
  }

  /// Answers with a problem.
  public static void refuse(RoutingContext context, Problem problem) {
    context
        .response()
        .setStatusCode(problem.status())
        .putHeader("Content-Type", Problem.MEDIA_TYPE)
        .end(Buffer.buffer(problem.toJson()));
  }

  /// Refuses with 403 what a browser sends from a page of another site; tells whether it did.
  public static boolean refusesForeign(RoutingContext context) {
    boolean foreign = FetchSite.isForeign(context.request());
    if (foreign) {
      refuse(
          context,
          Problem.of(
              403,
              "foreign-site",
              "Not from there",
              "Expected a request from a tool or from a page of this site, got one from a page of"
                  + " another site."));
    }
    return foreign;
  }
}
