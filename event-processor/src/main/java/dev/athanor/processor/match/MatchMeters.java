package dev.athanor.processor.match;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;

/// What an operator sees of the matches: `athanor.matches.live` (processes on this node),
/// `athanor.matches.moments` (published), `athanor.matches.lateness` (how long after its time a
/// moment was sent off) and `athanor.matches.failures` (attempts the database did not grant).
final class MatchMeters {
  private static final Logger LOG = Logger.getLogger(MatchMeters.class);

  private final Counter moments;
  private final Counter failures;
  private final Timer lateness;

  MatchMeters(MeterRegistry meters, MatchBoard board) {
    meters.gauge("athanor.matches.live", board, MatchBoard::size);
    moments = meters.counter("athanor.matches.moments");
    failures = meters.counter("athanor.matches.failures");
    lateness = meters.timer("athanor.matches.lateness");
  }

  void published() {
    moments.increment();
  }

  void late(Duration by) {
    lateness.record(by);
  }

  void failed(UUID match, Throwable cause) {
    failures.increment();
    LOG.debugf(cause, "Match %s could not go on; it will try again", match);
  }
}
