package dev.athanor.processor.match;

import dev.athanor.domain.fixtures.MatchState;
import dev.athanor.domain.fixtures.TimelineEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How a running match looks to an operator.
///
/// @param id the match
/// @param team1 the side named first
/// @param team2 the side named second
/// @param minute the minute being played; 0 before kick-off
/// @param score1 the first side's goals, or null before kick-off or where the feed does not tell
/// @param score2 the second side's
/// @param step how many moments are published
/// @param steps how many moments the match has
/// @param status where it is in its life, lower case
/// @param due when the next moment is to be published, or null when there is none
record MatchView(
    UUID id,
    String team1,
    String team2,
    int minute,
    @Nullable Integer score1,
    @Nullable Integer score2,
    int step,
    int steps,
    String status,
    @Nullable Instant due) {

  static MatchView of(MatchState match, Instant now) {
    TimelineEvent last = match.step() == 0 ? null : match.timeline().get(match.step() - 1);
    return new MatchView(
        match.id(),
        match.team1(),
        match.team2(),
        last == null ? 0 : minute(match, last, now),
        last == null ? null : last.score1(),
        last == null ? null : last.score2(),
        match.step(),
        match.timeline().size(),
        match.status().name().toLowerCase(Locale.ROOT),
        match.nextDue());
  }

  /// Between two moments the clock tells the minute; it never runs ahead of the next moment.
  private static int minute(MatchState match, TimelineEvent last, Instant now) {
    TimelineEvent next = match.next();
    if (next == null) {
      return last.minute();
    }
    Duration played = Duration.between(match.kickOffAt(), now);
    double virtualMinutes = Math.max(0, played.toMillis() * match.speed() / 60_000);
    double sinceLast = virtualMinutes - last.at().toSeconds() / 60.0;
    int minute = last.minute() + (int) Math.max(0, Math.min(sinceLast, 1_000));
    return Math.max(last.minute(), Math.min(minute, next.minute()));
  }
}
