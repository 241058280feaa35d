package dev.athanor.processor.match;

import dev.athanor.domain.fixtures.MatchState;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.processor.retry.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The process that sees to it that every unfinished match has a process: when the application
/// starts, when a feed is imported, and when the supervisor of a match has given up.
///
/// The matches are not its children, so its own death disturbs none of them: its successor asks who
/// is there, and the database who ought to be. It compares the two again every [#INTERVAL], which
/// also takes over the matches of a node that is gone.
///
/// A match whose supervisor gave up (a bug; a failing database is none) is started again after a
/// delay that grows until it has run for [#STEADY].
///
/// The state is how often in a row the database has not answered.
final class MatchKeeper implements GenServer<KeeperMessage, Integer> {
  private static final Logger LOG = Logger.getLogger(MatchKeeper.class);

  static final Duration INTERVAL = Duration.ofMinutes(1);
  static final Duration STEADY = Duration.ofMinutes(5);
  static final Backoff REVIVAL = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), 0.5);

  /// A match under way, from the wish to start it until it is over.
  private record Standing(long sinceNanos, int revivals) {}

  /// Who asks before the keeper knows who is there.
  private record Waiting(KeeperMessage request, From<?> from) {}

  private final Matchday matchday;
  private final Pitch pitch;
  private final Map<UUID, Standing> standings = new HashMap<>();
  private final Map<Pid<?>, UUID> bySupervisor = new HashMap<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private @Nullable ServerSelf<KeeperMessage> self;
  private boolean acquainted;

  MatchKeeper(Matchday matchday, Pitch pitch) {
    this.matchday = matchday;
    this.pitch = pitch;
  }

  @Override
  public InitResult<Integer> init(ServerSelf<KeeperMessage> itself) {
    self = itself;
    compare();
    return InitResult.ok(0);
  }

  @Override
  public Next<Integer> handleCall(KeeperMessage request, From<?> from, Integer failures) {
    if (!acquainted) {
      waiting.add(new Waiting(request, from));
    } else if (request instanceof KeeperMessage.Begin(UUID feed)) {
      ask(matchday.checkpoints().unfinished(feed), asked(from));
    }
    return Next.noReply(failures);
  }

  @Override
  public Next<Integer> handleCast(KeeperMessage message, Integer failures) {
    return switch (message) {
      case KeeperMessage.Begin unheard ->
          throw new IllegalArgumentException("A call, not a cast: " + unheard);
      case KeeperMessage.Present(var supervisors) -> {
        supervisors.forEach(this::present);
        acquainted = true;
        compare();
        waiting.forEach(each -> handleCall(each.request(), each.from(), failures));
        waiting.clear();
        yield Next.noReply(failures);
      }
      case KeeperMessage.Compare() -> {
        compare();
        yield Next.noReply(failures);
      }
      case KeeperMessage.Found(var matches, var asked) ->
          Next.noReply(found(matches, asked, failures));
      case KeeperMessage.Unknown(var cause, var asked) ->
          Next.noReply(unanswered(cause, asked, failures));
      case KeeperMessage.Begun(UUID match, var supervisor) -> {
        if (supervisor == null) {
          reviveLater(match);
        } else {
          present(match, supervisor);
        }
        yield Next.noReply(failures);
      }
      case KeeperMessage.Revive(UUID match) -> {
        begin(match);
        yield Next.noReply(failures);
      }
    };
  }

  @Override
  public Next<Integer> handleInfo(Info info, Integer failures) {
    return switch (info) {
      case Info.Message(KeeperMessage message) -> handleCast(message, failures);
      case Info.Down(_, Pid<?> supervisor, _) -> {
        UUID match = bySupervisor.remove(supervisor);
        if (match != null) {
          ended(match);
        }
        yield Next.noReply(failures);
      }
      case Info.Message _, Info.Exit _, Info.Timeout _ -> Next.noReply(failures);
    };
  }

  private void compare() {
    if (acquainted) {
      ask(matchday.checkpoints().unfinished(null), null);
      return;
    }
    itself()
        .pipe(
            pitch.present(),
            (supervisors, failure) ->
                failure == null && supervisors != null
                    ? new KeeperMessage.Present(supervisors)
                    : unknown(failure, null));
  }

  private void ask(
      CompletionStage<List<MatchState>> unfinished, @Nullable From<Optional<Throwable>> asked) {
    itself()
        .pipe(
            unfinished,
            (matches, failure) ->
                failure == null && matches != null
                    ? new KeeperMessage.Found(matches, asked)
                    : unknown(failure, asked));
  }

  private int found(
      List<MatchState> matches, @Nullable From<Optional<Throwable>> asked, int failures) {
    for (MatchState match : matches) {
      if (!standings.containsKey(match.id())) {
        standings.put(match.id(), new Standing(now(), 0));
        begin(match.id());
      }
    }
    if (asked != null) {
      asked.reply(Optional.empty());
      return failures;
    }
    after(INTERVAL, new KeeperMessage.Compare());
    return 0;
  }

  private int unanswered(Throwable cause, @Nullable From<Optional<Throwable>> asked, int failures) {
    if (asked != null) {
      asked.reply(Optional.of(cause));
      return failures;
    }
    LOG.debugf(cause, "The unfinished matches could not be read; another attempt follows");
    after(matchday.backoff().delay(failures + 1, matchday.random()), new KeeperMessage.Compare());
    return failures + 1;
  }

  private void begin(UUID match) {
    itself()
        .pipe(
            pitch.begin(match),
            (supervisor, failure) -> {
              if (failure != null) {
                LOG.warnf(failure, "Match %s could not be started; it will be tried again", match);
              }
              return new KeeperMessage.Begun(match, failure == null ? supervisor : null);
            });
  }

  private void present(UUID match, Pid<?> supervisor) {
    standings.computeIfAbsent(match, _ -> new Standing(now(), 0));
    bySupervisor.put(supervisor, match);
    itself().monitor(supervisor);
  }

  private void ended(UUID match) {
    if (!matchday.board().isUnderWay(match)) {
      standings.remove(match);
      return;
    }
    LOG.warnf("Match %s crashed too often; it will be started again", match);
    reviveLater(match);
  }

  private void reviveLater(UUID match) {
    Standing before = standings.getOrDefault(match, new Standing(now(), 0));
    boolean steady = now() - before.sinceNanos() > STEADY.toNanos();
    int revivals = steady ? 1 : before.revivals() + 1;
    Duration delay = REVIVAL.delay(revivals, matchday.random());
    standings.put(match, new Standing(now() + delay.toNanos(), revivals));
    after(delay, new KeeperMessage.Revive(match));
  }

  private void after(Duration delay, KeeperMessage message) {
    itself().sendAfter(delay, itself().pid(), message);
  }

  private long now() {
    return itself().node().scheduler().nanoTime();
  }

  private static KeeperMessage unknown(
      @Nullable Throwable cause, @Nullable From<Optional<Throwable>> asked) {
    return new KeeperMessage.Unknown(
        cause == null ? new IllegalStateException("no answer at all") : cause, asked);
  }

  @SuppressWarnings("unchecked")
  private static From<Optional<Throwable>> asked(From<?> from) {
    return (From<Optional<Throwable>>) from;
  }

  private ServerSelf<KeeperMessage> itself() {
    if (self == null) {
      throw new IllegalStateException("The keeper has not begun");
    }
    return self;
  }
}
