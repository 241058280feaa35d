package dev.athanor.processor.match;

import dev.athanor.domain.fixtures.MatchState;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The process of one match: it publishes each moment of the timeline when the wall clock reaches
/// it, and ends normally after the last.
///
/// It keeps nothing that must survive it. It reads the checkpoint, waits for the next moment, asks
/// for the one transaction that publishes it and moves the checkpoint, and takes a failure or a
/// "somebody was faster" as a reason to read the checkpoint again. So it may be killed at any
/// instant, and even run twice, without a moment being published twice or not at all. Moments that
/// are overdue follow each other at once, in order.
///
/// A failing database is not a crash: the process waits for a growing delay and tries again.
final class MatchServer implements GenServer<MatchMessage, MatchServer.Progress> {

  /// What the process knows: the match as it was read last, and how often in a row the database has
  /// failed since.
  record Progress(@Nullable MatchState match, int failures) {}

  /// No timer is longer, so that a clock that was set or a machine that slept is noticed in time.
  static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final UUID id;
  private final Matchday matchday;
  private @Nullable ServerSelf<MatchMessage> self;

  MatchServer(UUID id, Matchday matchday) {
    this.id = id;
    this.matchday = matchday;
  }

  @Override
  public InitResult<Progress> init(ServerSelf<MatchMessage> itself) {
    self = itself;
    matchday.board().started(id);
    load();
    return InitResult.ok(new Progress(null, 0));
  }

  @Override
  public Next<Progress> handleCast(MatchMessage message, Progress progress) {
    return switch (message) {
      case MatchMessage.Wake() -> wake(progress);
      case MatchMessage.Loaded(var match) -> follow(match, progress);
      case MatchMessage.Advanced(var byUs) -> advanced(byUs, progress);
      case MatchMessage.Failed(var cause) -> failed(cause, progress);
    };
  }

  @Override
  public Next<Progress> handleInfo(Info info, Progress progress) {
    return info instanceof Info.Message(MatchMessage message)
        ? handleCast(message, progress)
        : Next.noReply(progress);
  }

  private Next<Progress> wake(Progress progress) {
    MatchState match = progress.match();
    if (match == null) {
      load();
      return Next.noReply(progress);
    }
    return proceed(match, progress.failures());
  }

  private Next<Progress> follow(@Nullable MatchState match, Progress progress) {
    if (match == null) {
      matchday.board().finished(id);
      return Next.stop(ExitReason.shutdown("no such match: " + id), progress);
    }
    return proceed(match, progress.failures());
  }

  /// Publishes the next moment if its time has come, otherwise waits for it.
  private Next<Progress> proceed(MatchState match, int failures) {
    Progress progress = new Progress(match, failures);
    Instant now = matchday.clock().instant();
    matchday.board().show(itself().pid(), MatchView.of(match, now));
    Instant due = match.nextDue();
    if (due == null) {
      matchday.board().finished(id);
      return Next.stop(ExitReason.NORMAL, progress);
    }
    Duration early = Duration.between(now, due);
    if (early.isPositive()) {
      wakeAfter(early.compareTo(LONGEST_WAIT) < 0 ? early : LONGEST_WAIT);
    } else {
      matchday.meters().late(early.negated());
      itself()
          .pipe(
              matchday.checkpoints().advance(id, match.step()),
              (done, failure) ->
                  failure == null && done != null
                      ? new MatchMessage.Advanced(done)
                      : MatchMessage.Failed.because(failure));
    }
    return Next.noReply(progress);
  }

  private Next<Progress> advanced(boolean byUs, Progress progress) {
    MatchState match = progress.match();
    if (!byUs || match == null) {
      load();
      return Next.noReply(progress);
    }
    matchday.meters().published();
    return proceed(Steps.after(match), 0);
  }

  /// Nobody knows whether the moment was published: the checkpoint will tell.
  private Next<Progress> failed(Throwable cause, Progress progress) {
    int failures = progress.failures() + 1;
    matchday.meters().failed(id, cause);
    wakeAfter(matchday.backoff().delay(failures, matchday.random()));
    return Next.noReply(new Progress(null, failures));
  }

  private void load() {
    itself()
        .pipe(
            matchday.checkpoints().load(id),
            (match, failure) ->
                failure == null
                    ? new MatchMessage.Loaded(match)
                    : MatchMessage.Failed.because(failure));
  }

  private void wakeAfter(Duration delay) {
    itself().sendAfter(delay, itself().pid(), new MatchMessage.Wake());
  }

  private ServerSelf<MatchMessage> itself() {
    if (self == null) {
      throw new IllegalStateException("The process of match " + id + " has not begun");
    }
    return self;
  }
}
