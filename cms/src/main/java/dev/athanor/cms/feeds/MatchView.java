package dev.athanor.cms.feeds;

import dev.athanor.domain.fixtures.MatchState;
import dev.athanor.domain.fixtures.MatchStatus;
import dev.athanor.domain.fixtures.TimelineEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A match as editors watch it: the minute it is in, the score that is published.
///
/// @param match the match
/// @param now the time it is looked at
public record MatchView(MatchState match, Instant now) {
  /// The status's wire name: `scheduled`, `live`, `finished`, `no_result`.
  public String status() {
    return match.status().name().toLowerCase(Locale.ROOT);
  }

  /// Whether it is being played.
  public boolean live() {
    return match.status() == MatchStatus.LIVE;
  }

  /// The minute it is in, or was over in; null before kick-off.
  public @Nullable Integer minute() {
    int step = Math.min(match.step(), match.timeline().size());
    if (step == 0) {
      return null;
    }
    int last = match.timeline().get(step - 1).minute();
    TimelineEvent next = match.next();
    if (next == null) {
      return last;
    }
    double played = Duration.between(match.kickOffAt(), now).toMillis() * match.speed() / 60_000.0;
    return Math.max(last, (int) Math.min(next.minute(), Math.floor(played)));
  }

  /// The published goals of the side named first; null before kick-off or when not told.
  public @Nullable Integer score1() {
    TimelineEvent scored = scored();
    return scored == null ? null : scored.score1();
  }

  /// The published goals of the other side.
  public @Nullable Integer score2() {
    TimelineEvent scored = scored();
    return scored == null ? null : scored.score2();
  }

  /// The score in one word, `2–1`; a dash before kick-off.
  public String score() {
    Integer goals1 = score1();
    Integer goals2 = score2();
    return goals1 == null || goals2 == null ? "–" : goals1 + "–" + goals2;
  }

  /// The last published moment that has a score.
  private @Nullable TimelineEvent scored() {
    List<TimelineEvent> timeline = match.timeline();
    for (int i = Math.min(match.step(), timeline.size()) - 1; i >= 0; i--) {
      if (timeline.get(i).score1() != null) {
        return timeline.get(i);
      }
    }
    return null;
  }
}
