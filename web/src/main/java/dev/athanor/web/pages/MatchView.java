package dev.athanor.web.pages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.athanor.web.KnownMatches;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A match as its page shows it; the page script (`game.js`) writes the same words.
///
/// @param id the match
/// @param title both sides
/// @param where the competition's slug, and the round
/// @param team1 the side on the left
/// @param team2 the side on the right
/// @param middle the goals of both, or `v` before any can be
/// @param phase where it is in its life, in words
/// @param kickOffAt ISO-8601
/// @param step how many moments are told
/// @param moments the moments, the last one first
public record MatchView(
    String id,
    String title,
    String where,
    Side team1,
    Side team2,
    String middle,
    String phase,
    String kickOffAt,
    int step,
    List<Moment> moments) {
  /// One side.
  ///
  /// @param name as the feed has it
  /// @param slug the address of its stream
  public record Side(String name, String slug) {}

  /// A moment.
  ///
  /// @param step its place
  /// @param kind its wire name
  /// @param minute `45+2'`
  /// @param words what happened
  public record Moment(int step, String kind, String minute, String words) {}

  /// The view of a match.
  public static MatchView of(KnownMatches.Match known) {
    JsonNode match = known.json().json();
    Side team1 = side(match.get("team1"));
    Side team2 = side(match.get("team2"));
    List<Moment> moments = new ArrayList<>();
    for (JsonNode each : match.get("moments")) {
      moments.addFirst(
          new Moment(
              each.get("step").asInt(),
              each.get("kind").asText(),
              minute(each),
              words(each, team1, team2)));
    }
    String round = text(match.get("round"));
    String competition = match.get("competition").asText();
    return new MatchView(
        known.id().toString(),
        team1.name() + " – " + team2.name(),
        round == null ? competition : competition + " · " + round,
        team1,
        team2,
        score(match.get("score"), "v"),
        phase(match),
        match.get("kick_off_at").asText(),
        known.step(),
        moments);
  }

  private static Side side(JsonNode side) {
    return new Side(side.get("name").asText(), side.get("slug").asText());
  }

  private static String phase(JsonNode match) {
    return switch (match.get("status").asText()) {
      case "live" -> "Live, " + minute(match);
      case "finished" -> "Full time";
      case "no_result" -> "No result";
      default -> "Not started";
    };
  }

  private static String minute(JsonNode moment) {
    int stoppage = moment.get("stoppage").asInt();
    return moment.get("minute").asInt() + (stoppage > 0 ? "+" + stoppage : "") + "'";
  }

  private static String words(JsonNode moment, Side team1, Side team2) {
    String score = score(moment.get("score"), "");
    return switch (moment.get("kind").asText()) {
      case "kick_off" -> "Kick-off";
      case "goal" -> {
        String scorer = text(moment.get("scorer"));
        String side = moment.get("side").asInt() == 2 ? team2.name() : team1.name();
        yield "Goal! " + (scorer == null ? side : scorer + ", " + side) + " " + score;
      }
      case "half_time" -> "Half time " + score;
      case "extra_time" -> "Extra time " + score;
      default -> {
        String note = text(moment.get("note"));
        yield "Full time " + score + (note == null ? "" : " (" + note + ")");
      }
    };
  }

  private static String score(JsonNode score, String none) {
    return score.isNull() ? none : score.get(0).asInt() + "–" + score.get(1).asInt();
  }

  private static @Nullable String text(JsonNode value) {
    return value.isNull() ? null : value.asText();
  }
}
