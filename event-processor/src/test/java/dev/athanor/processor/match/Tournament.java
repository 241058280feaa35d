package dev.athanor.processor.match;

import dev.athanor.domain.fixtures.ParsedFeed;
import dev.athanor.domain.fixtures.ParsedFeed.ParsedMatch;
import dev.athanor.domain.fixtures.TimelineEvent;
import dev.athanor.domain.fixtures.TimelineEvent.Kind;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A small cup with everything that can happen: no goals at all, goals in stoppage time, two in one
/// minute, a final with extra time and penalties, goals nobody timed, and a match that was never
/// played. Every call makes another cup, with teams of its own.
final class Tournament {
  private static final LocalDateTime FIRST = LocalDateTime.of(2022, 11, 20, 16, 0);

  private final String name = "Cup " + UUID.randomUUID();
  private final List<ParsedMatch> matches = new ArrayList<>();

  ParsedFeed feed() {
    match(0, List.of(kickOff(), half(0, 0), full(0, 0, null)));
    match(
        0,
        List.of(
            kickOff(),
            goal(16, 0, 2, 0, 1),
            goal(45, 2, 1, 1, 1),
            half(1, 1),
            goal(84, 0, 2, 1, 2),
            goal(84, 0, 2, 1, 3),
            goal(90, 9, 2, 1, 4),
            full(1, 4, null)));
    match(0, List.of(kickOff(), half(null, null), full(3, 2, null)));
    match(
        1,
        List.of(
            kickOff(),
            goal(23, 0, 1, 1, 0),
            half(1, 0),
            goal(81, 0, 2, 1, 1),
            moment(Kind.EXTRA_TIME, 90, 0, 0, 1, 1, null),
            goal(108, 0, 1, 2, 1),
            goal(118, 0, 2, 2, 2),
            moment(Kind.FULL_TIME, 120, 0, 0, 2, 2, "after extra time, 4–2 on penalties")));
    match(1, List.of());
    return new ParsedFeed("openfootball", name, UUID.randomUUID().toString(), matches);
  }

  private void match(int day, List<TimelineEvent> timeline) {
    int number = matches.size();
    matches.add(
        new ParsedMatch(
            "Matchday " + (day + 1),
            FIRST.plusDays(day),
            "Home " + number + " of " + name,
            "Away " + number + " of " + name,
            timeline));
  }

  private static TimelineEvent kickOff() {
    return moment(Kind.KICK_OFF, 0, 0, 0, 0, 0, null);
  }

  private static TimelineEvent half(@Nullable Integer score1, @Nullable Integer score2) {
    return moment(Kind.HALF_TIME, 45, 0, 0, score1, score2, null);
  }

  private static TimelineEvent full(int score1, int score2, @Nullable String note) {
    return moment(Kind.FULL_TIME, 90, 0, 0, score1, score2, note);
  }

  private static TimelineEvent goal(int minute, int stoppage, int side, int score1, int score2) {
    return moment(Kind.GOAL, minute, stoppage, side, score1, score2, null);
  }

  private static TimelineEvent moment(
      Kind kind,
      int minute,
      int stoppage,
      int side,
      @Nullable Integer score1,
      @Nullable Integer score2,
      @Nullable String note) {
    return new TimelineEvent(
        kind,
        minute,
        stoppage,
        Duration.ofMinutes(minute),
        side,
        side == 0 ? null : "Scorer " + minute,
        score1,
        score2,
        note);
  }
}
