package dev.athanor.processor.match;

import dev.athanor.domain.fixtures.MatchState;
import dev.athanor.domain.fixtures.MatchStatus;
import dev.athanor.domain.fixtures.TimelineEvent;
import dev.athanor.domain.fixtures.TimelineEvent.Kind;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.processor.retry.Backoff;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/// A place to play matches in virtual time: 90 minutes in 9 seconds.
final class Stadium {
  static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
  private static final double SPEED = 600;

  private final DeterministicScheduler scheduler = new DeterministicScheduler(42);
  private final StoredMatches store = new StoredMatches();
  private final Node node = Node.on(scheduler);
  private final MatchBoard board = new MatchBoard(node);
  private final Matchday matchday =
      new Matchday(
          store,
          () -> START.plusNanos(scheduler.nanoTime()),
          new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10), 0),
          new Random(1),
          board,
          new MatchMeters(new SimpleMeterRegistry(), board));

  DeterministicScheduler scheduler() {
    return scheduler;
  }

  Node node() {
    return node;
  }

  StoredMatches store() {
    return store;
  }

  MatchBoard board() {
    return board;
  }

  Matchday matchday() {
    return matchday;
  }

  MatchState scheduled(Duration kickOffIn) {
    return new MatchState(
        UUID.randomUUID(),
        UUID.randomUUID(),
        "world-cup-2022",
        "Senegal",
        "senegal",
        "Netherlands",
        "netherlands",
        "Matchday 2",
        List.of(
            moment(Kind.KICK_OFF, 0, 0, 0, 0),
            moment(Kind.GOAL, 16, 2, 0, 1),
            moment(Kind.HALF_TIME, 45, 0, 0, 1),
            moment(Kind.GOAL, 84, 2, 0, 2),
            moment(Kind.FULL_TIME, 90, 0, 0, 2)),
        0,
        MatchStatus.SCHEDULED,
        START.plus(kickOffIn),
        SPEED);
  }

  private static TimelineEvent moment(Kind kind, int minute, int side, int score1, int score2) {
    return new TimelineEvent(
        kind,
        minute,
        0,
        Duration.ofMinutes(minute),
        side,
        side == 0 ? null : "Cody Gakpo",
        score1,
        score2,
        null);
  }
}
