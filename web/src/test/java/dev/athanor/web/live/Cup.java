package dev.athanor.web.live;

import dev.athanor.domain.fixtures.ParsedFeed;
import dev.athanor.domain.fixtures.ParsedFeed.ParsedMatch;
import dev.athanor.domain.fixtures.TimelineEvent;
import dev.athanor.domain.fixtures.TimelineEvent.Kind;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A feed of one match, with teams of its own. */
final class Cup {
  final String home = "Home " + UUID.randomUUID();
  final String away = "Away " + UUID.randomUUID();

  /** Kick-off, a goal for the home side every two minutes, half time, full time. */
  ParsedFeed feed(int goals) {
    List<TimelineEvent> timeline = new ArrayList<>();
    timeline.add(moment(Kind.KICK_OFF, 0, 0, null, 0));
    for (int goal = 1; goal <= goals; goal++) {
      timeline.add(moment(Kind.GOAL, 2 * goal, 1, "Ada", goal));
    }
    timeline.add(moment(Kind.HALF_TIME, 45, 0, null, goals));
    timeline.add(moment(Kind.FULL_TIME, 90, 0, null, goals));
    ParsedMatch match =
        new ParsedMatch("Final", LocalDateTime.of(2026, 6, 1, 18, 0), home, away, timeline);
    return new ParsedFeed(
        "openfootball", "Cup " + UUID.randomUUID(), UUID.randomUUID().toString(), List.of(match));
  }

  private static TimelineEvent moment(Kind kind, int minute, int side, String scorer, int score) {
    return new TimelineEvent(
        kind, minute, 0, Duration.ofMinutes(minute), side, scorer, score, 0, null);
  }
}
