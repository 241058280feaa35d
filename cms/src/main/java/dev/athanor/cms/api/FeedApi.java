package dev.athanor.cms.api;

import dev.athanor.cms.Exchange;
import dev.athanor.cms.feeds.FeedJson;
import dev.athanor.cms.feeds.FeedRequest;
import dev.athanor.cms.feeds.Feeds;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.UUID;

/// Feeds as programs bring them and watch them.
@ApplicationScoped
class FeedApi {
  private static final String FEEDS = "/api/cms/feeds/";

  /// A feed is a file; what tools call it when they send it is taken too.
  private static final Set<String> FILES =
      Set.of(
          "application/json",
          "text/json",
          "application/octet-stream",
          "text/plain",
          "application/x-www-form-urlencoded",
          "");

  private final Feeds feeds;

  @Inject
  FeedApi(Feeds feeds) {
    this.feeds = feeds;
  }

  void create(Exchange exchange) {
    FeedRequest request = FeedRequest.of(exchange.context().request().query());
    if (!FILES.contains(exchange.mediaType())) {
      throw new Refused(
          Problem.of(
              415,
              "unsupported-media-type",
              "The media type of the body is not one that is read here",
              "Expected application/json, got " + exchange.mediaType() + "."));
    }
    exchange.body(
        Feeds.LARGEST_FILE,
        file ->
            exchange.when(
                feeds.bring(request, file.getBytes()),
                watched -> {
                  exchange
                      .context()
                      .response()
                      .putHeader("location", FEEDS + watched.progress().feed().id());
                  exchange.json(
                      watched.progress().feed().created() ? 201 : 200, FeedJson.encode(watched));
                }));
  }

  void read(Exchange exchange, String text) {
    UUID id;
    try {
      id = UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      throw new Refused(Feeds.unknown(text));
    }
    exchange.when(
        feeds.watch(id),
        watched -> {
          if (watched == null) {
            throw new Refused(Feeds.unknown(text));
          }
          exchange.json(200, FeedJson.encode(watched));
        });
  }
}
