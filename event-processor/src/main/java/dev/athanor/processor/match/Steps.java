package dev.athanor.processor.match;

import dev.athanor.domain.fixtures.MatchState;
import dev.athanor.domain.fixtures.MatchStatus;

/// What the checkpoint of a match becomes when its next moment is published.
final class Steps {
  private Steps() {}

  static MatchState after(MatchState match) {
    int step = match.step() + 1;
    return new MatchState(
        match.id(),
        match.feedId(),
        match.competition(),
        match.team1(),
        match.slug1(),
        match.team2(),
        match.slug2(),
        match.round(),
        match.timeline(),
        step,
        step < match.timeline().size() ? MatchStatus.LIVE : MatchStatus.FINISHED,
        match.kickOffAt(),
        match.speed());
  }
}
