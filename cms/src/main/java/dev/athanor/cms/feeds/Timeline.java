package dev.athanor.cms.feeds;

import static dev.athanor.cms.feeds.OpenFootball.absent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.athanor.cms.feeds.MatchFields.Goal;
import dev.athanor.cms.feeds.MatchFields.Score;
import dev.athanor.domain.fixtures.TimelineEvent;
import dev.athanor.domain.fixtures.TimelineEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Makes the moments of a match of what a file tells of it. A match without a final score has none.
/// Every other one has kick-off, half time and full time, extra time where it was played, and its
/// goals where all of them are told with their minutes and add up to the score; else no goal is
/// published at all, because a running score would be a guess. A score at half time that is not
/// told follows from the goals, or from a final 0–0; else the moment has no score.
final class Timeline {
  private static final Score NONE = new Score(0, 0);

  private final MatchFields fields;

  Timeline(Errors errors) {
    fields = new MatchFields(errors);
  }

  List<TimelineEvent> of(JsonNode match, String field) {
    Score ft = fields.score(match, field, "ft", "");
    Score ht = fields.score(match, field, "ht", "i");
    Score et = fields.score(match, field, "et", "et");
    Score p = fields.score(match, field, "p", "p");
    int end = et != null || p != null ? MatchFields.EXTRA : MatchFields.FULL;
    List<Goal> goals1 = fields.goals(match.path("goals1"), 1, field + ".goals1", end);
    List<Goal> goals2 = fields.goals(match.path("goals2"), 2, field + ".goals2", end);
    if (ft == null) {
      return List.of();
    }
    List<Goal> goals = reconcile(goals1, goals2, ft, et != null ? et : ft);
    if (ht == null && goals != null) {
      ht = countUntil(goals, MatchFields.HALF);
    } else if (ht == null && ft.equals(NONE)) {
      ht = NONE;
    }
    return moments(ft, ht, et, goals == null ? List.of() : goals, note(match, et, p));
  }

  private static List<TimelineEvent> moments(
      Score ft, @Nullable Score ht, @Nullable Score et, List<Goal> goals, @Nullable String note) {
    int half = MatchFields.HALF;
    int full = MatchFields.FULL;
    int extra = MatchFields.EXTRA;
    List<TimelineEvent> moments = new ArrayList<>();
    moments.add(moment(Kind.KICK_OFF, 0, NONE, null));
    Score now = addGoals(moments, goals, 0, half, NONE);
    moments.add(moment(Kind.HALF_TIME, half, ht, null));
    now = addGoals(moments, goals, half, full, now);
    if (et == null) {
      moments.add(moment(Kind.FULL_TIME, full, ft, note));
    } else {
      moments.add(moment(Kind.EXTRA_TIME, full, ft, null));
      addGoals(moments, goals, full, extra, now);
      moments.add(moment(Kind.FULL_TIME, extra, et, note));
    }
    return moments;
  }

  private static Score addGoals(
      List<TimelineEvent> moments, List<Goal> goals, int after, int until, Score before) {
    Score score = before;
    for (Goal goal : goals) {
      if (goal.minute() > after && goal.minute() <= until) {
        score = score.plus(goal);
        moments.add(
            new TimelineEvent(
                Kind.GOAL,
                goal.minute(),
                goal.stoppage(),
                Duration.ofMinutes(goal.minute()),
                goal.side(),
                goal.scorer(),
                score.goals1(),
                score.goals2(),
                null));
      }
    }
    return score;
  }

  private static TimelineEvent moment(
      Kind kind, int minute, @Nullable Score score, @Nullable String note) {
    return new TimelineEvent(
        kind,
        minute,
        0,
        Duration.ofMinutes(minute),
        0,
        null,
        score == null ? null : score.goals1(),
        score == null ? null : score.goals2(),
        note);
  }

  /// The goals in order if they add up to the scores, with own goals on whichever side makes them
  /// do so; else null.
  private static @Nullable List<Goal> reconcile(
      @Nullable List<Goal> goals1, @Nullable List<Goal> goals2, Score ft, Score last) {
    if (goals1 == null && goals2 == null) {
      return last.equals(NONE) ? List.of() : null;
    }
    List<Goal> all = new ArrayList<>();
    all.addAll(goals1 == null ? List.of() : goals1);
    all.addAll(goals2 == null ? List.of() : goals2);
    all.sort(Comparator.comparingInt(Goal::minute).thenComparingInt(Goal::stoppage));
    if (addsUp(all, ft, last)) {
      return all;
    }
    List<Goal> flipped = all.stream().map(Goal::flipped).toList();
    return addsUp(flipped, ft, last) ? flipped : null;
  }

  private static boolean addsUp(List<Goal> goals, Score ft, Score last) {
    return countUntil(goals, MatchFields.EXTRA).equals(last)
        && countUntil(goals, MatchFields.FULL).equals(ft);
  }

  private static Score countUntil(List<Goal> goals, int minute) {
    Score score = NONE;
    for (Goal goal : goals) {
      if (goal.minute() <= minute) {
        score = score.plus(goal);
      }
    }
    return score;
  }

  private static @Nullable String note(JsonNode match, @Nullable Score et, @Nullable Score p) {
    String penalties = p == null ? "" : p.goals1() + "–" + p.goals2() + " on penalties";
    if (et != null) {
      return p == null ? "after extra time" : "after extra time, " + penalties;
    }
    if (p != null) {
      return penalties;
    }
    JsonNode status = match.path("status");
    return !absent(status) && status.asText().strip().toLowerCase(Locale.ROOT).equals("awarded")
        ? "awarded"
        : null;
  }
}
