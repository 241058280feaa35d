package dev.athanor.cms.api;

import dev.athanor.cms.Exchange;
import dev.athanor.cms.access.Access;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The routes of the editorial API. Every request carries an editor's Basic credentials, which are
/// checked before anything of its body is read; every refusal is problem details.
///
/// - `POST /api/cms/posts` → 201, `GET` lists, `GET|PATCH|DELETE /api/cms/posts/{id}`
/// - `POST /api/cms/streams` → 201, or 200 for one that is there
/// - `POST /api/cms/feeds?format=openfootball&speed=600` → 201, or 200 for one that is there; `GET
///   /api/cms/feeds/{id}` tells how far it is
/// - `DELETE /api/cms/messages/{id}` → 204: takes a message out of a story's chat
/// - `POST /api/cms/bans` → 201: `{"message":ID,"minutes":60}`, or `story` and `nickname` instead
/// - `GET /api/cms/campaigns` lists the latest, `GET|PATCH /api/cms/campaigns/{id}` watches one
///   and holds or ends it
@ApplicationScoped
public class ApiRoutes {
  private static final String API = "/api/cms";

  private interface Action {
    void run(Exchange exchange, String id);
  }

  private final Access access;
  private final Map<String, Map<HttpMethod, Action>> resources = new LinkedHashMap<>();

  @Inject
  ApiRoutes(
      Access access,
      PostApi posts,
      StreamApi streams,
      FeedApi feeds,
      ChatApi chats,
      CampaignApi campaigns) {
    this.access = access;
    resource("/posts").put(HttpMethod.POST, (exchange, _) -> posts.create(exchange));
    resource("/posts").put(HttpMethod.GET, (exchange, _) -> posts.list(exchange));
    resource("/posts/").put(HttpMethod.GET, posts::read);
    resource("/posts/").put(HttpMethod.PATCH, posts::change);
    resource("/posts/").put(HttpMethod.DELETE, posts::withdraw);
    resource("/streams").put(HttpMethod.POST, (exchange, _) -> streams.create(exchange));
    resource("/feeds").put(HttpMethod.POST, (exchange, _) -> feeds.create(exchange));
    resource("/feeds/").put(HttpMethod.GET, feeds::read);
    resource("/messages/").put(HttpMethod.DELETE, chats::remove);
    resource("/bans").put(HttpMethod.POST, (exchange, _) -> chats.ban(exchange));
    resource("/campaigns").put(HttpMethod.GET, (exchange, _) -> campaigns.list(exchange));
    resource("/campaigns/").put(HttpMethod.GET, campaigns::read);
    resource("/campaigns/").put(HttpMethod.PATCH, campaigns::change);
  }

  private Map<HttpMethod, Action> resource(String path) {
    return resources.computeIfAbsent(path, _ -> new LinkedHashMap<>());
  }

  void routes(@Observes Router router) {
    router.route(API + "/*").handler(this::answer);
  }

  private void answer(RoutingContext context) {
    context.request().pause();
    Exchange exchange = Exchange.api(context);
    exchange.run(() -> admit(exchange));
  }

  private void admit(Exchange exchange) {
    var request = exchange.context().request();
    String address = request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress();
    exchange.when(
        access.checkBasic(address, request.getHeader("authorization")),
        right -> {
          if (right) {
            dispatch(exchange);
          } else {
            refuse(exchange);
          }
        });
  }

  private void dispatch(Exchange exchange) {
    var request = exchange.context().request();
    String path = Exchange.path(exchange.context()).substring(API.length());
    int slash = path.indexOf('/', 1);
    boolean item = slash > 0 && slash < path.length() - 1;
    String resource = slash < 0 ? path : path.substring(0, item ? slash + 1 : slash);
    String id = item ? path.substring(slash + 1) : "";
    Map<HttpMethod, Action> actions = resources.get(resource);
    if (actions == null || id.indexOf('/') >= 0) {
      throw new Refused(
          Problem.of(
              404,
              "not-found",
              "There is nothing here",
              "Expected one of /api/cms/posts, /api/cms/streams, /api/cms/feeds,"
                  + " /api/cms/messages, /api/cms/bans, /api/cms/campaigns, got "
                  + request.path()
                  + "."));
    }
    HttpMethod method =
        request.method().equals(HttpMethod.HEAD) && actions.containsKey(HttpMethod.GET)
            ? HttpMethod.GET
            : request.method();
    Action action = actions.get(method);
    if (action == null) {
      methodNotAllowed(exchange, actions);
      return;
    }
    accepts(request.getHeader("accept"));
    if (!method.equals(HttpMethod.GET)) {
      exchange.fromHere();
    }
    action.run(exchange, id);
  }

  private static void methodNotAllowed(Exchange exchange, Map<HttpMethod, Action> actions) {
    TreeSet<String> names = new TreeSet<>();
    actions.keySet().forEach(method -> names.add(method.name()));
    if (actions.containsKey(HttpMethod.GET)) {
      names.add("HEAD");
    }
    String allowed = String.join(", ", names);
    exchange.context().response().putHeader("allow", allowed);
    throw new Refused(
        Problem.of(
            405,
            "method-not-allowed",
            "The method is not allowed here",
            "Expected " + allowed + ", got " + exchange.context().request().method() + "."));
  }

  private static void accepts(@Nullable String accept) {
    if (accept != null
        && !accept.isBlank()
        && !accept.contains("*/*")
        && !accept.contains("application/*")
        && !accept.contains("json")) {
      throw new Refused(
          Problem.of(
              406,
              "not-acceptable",
              "There is only JSON here",
              "Expected Accept to allow application/json, got \"" + accept + "\"."));
    }
  }

  private static void refuse(Exchange exchange) {
    boolean none = exchange.context().request().getHeader("authorization") == null;
    exchange
        .context()
        .response()
        .putHeader("www-authenticate", "Basic realm=\"Athanor editors\", charset=\"UTF-8\"");
    exchange.problem(
        Problem.of(
            401,
            "unauthorized",
            "Editors only",
            "Expected an editor's name and password as HTTP Basic, got "
                + (none ? "no credentials." : "others.")));
  }
}
