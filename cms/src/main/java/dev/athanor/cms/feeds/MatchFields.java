package dev.athanor.cms.feeds;

import static dev.athanor.cms.feeds.OpenFootball.absent;
import static dev.athanor.cms.feeds.OpenFootball.told;

import com.fasterxml.jackson.databind.JsonNode;
import dev.athanor.domain.validation.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the scores and goals of one match in all the forms that files have.
final class MatchFields {
  /// The last minute of the first half.
  static final int HALF = 45;

  /// The last minute of the match.
  static final int FULL = 90;

  /// The last minute of extra time.
  static final int EXTRA = 120;

  private static final int MOST_GOALS = 99;
  private static final int LONGEST_STOPPAGE = 60;
  private static final Pattern MINUTE =
      Pattern.compile("(\\d{1,3})\\s*['’]?(?:\\s*\\+\\s*(\\d{1,2})\\s*['’]?)?");

  /// The goals of both sides.
  record Score(int goals1, int goals2) {
    Score plus(Goal goal) {
      return goal.side() == 1 ? new Score(goals1 + 1, goals2) : new Score(goals1, goals2 + 1);
    }
  }

  /// A goal as the file tells it; the list it stands in is the side it counts for.
  record Goal(int side, int minute, int stoppage, @Nullable String scorer, boolean own) {
    Goal flipped() {
      return own ? new Goal(3 - side, minute, stoppage, scorer, true) : this;
    }
  }

  private final Errors errors;

  MatchFields(Errors errors) {
    this.errors = errors;
  }

  /// A score under its name in `score`, or as the two fields of older files; null when not told.
  @Nullable Score score(JsonNode match, String field, String name, String suffix) {
    JsonNode scores = match.path("score");
    if (scores.isObject()) {
      return pair(scores.path(name), field + ".score." + name);
    }
    if (scores.isArray()) {
      return name.equals("ft") ? pair(scores, field + ".score") : null;
    }
    if (!absent(scores)) {
      if (name.equals("ft")) {
        errors.add(field + ".score", "an object with ft, such as {\"ft\":[2,1]}", told(scores));
      }
      return null;
    }
    JsonNode one = match.path("score1" + suffix);
    JsonNode two = match.path("score2" + suffix);
    if (absent(one) || absent(two)) {
      return null;
    }
    return score(one, two, field + ".score1" + suffix, field + ".score2" + suffix);
  }

  private @Nullable Score pair(JsonNode pair, String field) {
    if (absent(pair) || (pair.isArray() && pair.isEmpty())) {
      return null;
    }
    if (!pair.isArray() || pair.size() != 2) {
      errors.add(field, "the goals of both sides, such as [2,1]", told(pair));
      return null;
    }
    if (absent(pair.get(0)) || absent(pair.get(1))) {
      return null;
    }
    return score(pair.get(0), pair.get(1), field + "[0]", field + "[1]");
  }

  private @Nullable Score score(JsonNode one, JsonNode two, String field1, String field2) {
    int goals1 = count(one, field1);
    int goals2 = count(two, field2);
    return goals1 < 0 || goals2 < 0 ? null : new Score(goals1, goals2);
  }

  private int count(JsonNode node, String field) {
    if (!node.isInt() || node.intValue() < 0 || node.intValue() > MOST_GOALS) {
      errors.add(field, "a whole number from 0 to " + MOST_GOALS, told(node));
      return -1;
    }
    return node.intValue();
  }

  /// The goals of one side in the file's order; null when there is no list or a goal has no minute.
  ///
  /// @param end the last minute that was played
  @Nullable List<Goal> goals(JsonNode list, int side, String field, int end) {
    if (absent(list)) {
      return null;
    }
    if (!list.isArray()) {
      errors.add(field, "an array of goals", told(list));
      return null;
    }
    List<Goal> goals = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      String at = field + "[" + i + "]";
      if (!list.get(i).isObject()) {
        errors.add(at, "a goal with name and minute", told(list.get(i)));
        continue;
      }
      Goal goal = goal(list.get(i), side, at, end);
      if (goal != null) {
        goals.add(goal);
      }
    }
    return goals.size() == list.size() ? goals : null;
  }

  private @Nullable Goal goal(JsonNode node, int side, String field, int end) {
    JsonNode told = node.path("minute");
    if (absent(told)) {
      return null;
    }
    Matcher text = MINUTE.matcher(told.asText().strip());
    if ((!told.isTextual() && !told.isInt()) || !text.matches()) {
      errors.add(field + ".minute", "a minute such as 16 or 45+2", told(told));
      return null;
    }
    int minute = Integer.parseInt(text.group(1));
    int stoppage = text.group(2) == null ? 0 : Integer.parseInt(text.group(2));
    JsonNode offset = node.path("offset");
    if (!absent(offset)) {
      if (!offset.isInt() || offset.intValue() < 0 || offset.intValue() > LONGEST_STOPPAGE) {
        errors.add(field + ".offset", "0 to 60 minutes of stoppage time", told(offset));
        return null;
      }
      stoppage = offset.intValue();
    }
    if (minute > end && stoppage == 0) {
      stoppage = minute - end;
      minute = end;
    }
    if (minute > end || stoppage > LONGEST_STOPPAGE) {
      errors.add(field + ".minute", "a minute from 1 to " + end, told(told));
      return null;
    }
    boolean own = node.path("owngoal").asBoolean(false);
    boolean penalty = node.path("penalty").asBoolean(false);
    String name = Text.normalizeLine(node.path("name").asText(""));
    String scorer = name == null ? null : name + (own ? " (o.g.)" : penalty ? " (pen.)" : "");
    return new Goal(side, Math.max(1, minute), stoppage, scorer, own);
  }
}
