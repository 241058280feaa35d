package dev.athanor.cms.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.athanor.cms.Exchange;
import dev.athanor.domain.campaigns.Campaign;
import dev.athanor.domain.campaigns.Campaigns;
import dev.athanor.domain.input.JsonInput;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.InvalidContent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Campaigns as programs watch, hold and end them. The JSON of one: `{"id","post","title","status",
/// "counted","audience","sent","dead","refused","skipped","percent","per_second","seconds_left",
/// "problem","created_at","finished_at"}`; what is not known is null.
@ApplicationScoped
class CampaignApi {
  private static final int LATEST = 50;
  private static final long LARGEST_BODY = 1 << 10;

  private final Campaigns campaigns;

  @Inject
  CampaignApi(Campaigns campaigns) {
    this.campaigns = campaigns;
  }

  void list(Exchange exchange) {
    exchange.when(
        campaigns.latest(LATEST),
        found -> {
          ObjectNode json = JsonNodeFactory.instance.objectNode();
          ArrayNode data = json.putArray("data");
          found.forEach(campaign -> data.add(json(campaign)));
          answer(exchange, json);
        });
  }

  void read(Exchange exchange, String id) {
    exchange.when(
        campaigns.find(id(id)),
        found -> {
          if (found == null) {
            throw new Refused(Campaigns.unknown(id));
          }
          answer(exchange, json(found));
        });
  }

  /// `{"status":"paused"}`, `"running"` or `"cancelled"`.
  void change(Exchange exchange, String text) {
    UUID id = id(text);
    PostApi.media(exchange, Set.of("application/json"));
    exchange.body(
        LARGEST_BODY,
        body -> {
          JsonInput input = JsonInput.read(body.getBytes(), List.of("status"), Map.of());
          String status = input.text("status");
          input.check();
          exchange.when(
              switch (status) {
                case "paused" -> campaigns.pause(id);
                case "running" -> campaigns.resume(id);
                case "cancelled" -> campaigns.cancel(id);
                case null, default ->
                    throw InvalidContent.of(
                        "status",
                        "one of paused, running, cancelled",
                        status == null ? "nothing" : FieldError.quote(status));
              },
              changed -> answer(exchange, json(changed)));
        });
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      throw new Refused(Campaigns.unknown(text));
    }
  }

  private static void answer(Exchange exchange, ObjectNode json) {
    exchange.json(200, json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectNode json(Campaign campaign) {
    Duration left = campaign.left();
    Instant finished = campaign.finishedAt();
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", campaign.id().toString())
        .put("post", campaign.post().toString())
        .put("title", campaign.title())
        .put("status", campaign.status().wireName())
        .put("counted", campaign.counted())
        .put("audience", campaign.audience())
        .put("sent", campaign.sent())
        .put("dead", campaign.dead())
        .put("refused", campaign.refused())
        .put("skipped", campaign.skipped())
        .put("percent", campaign.percent())
        .put("per_second", campaign.perSecond())
        .put("seconds_left", left == null ? null : left.toSeconds())
        .put("problem", campaign.problem())
        .put("created_at", campaign.createdAt().toString())
        .put("finished_at", finished == null ? null : finished.toString());
  }
}
