package dev.athanor.processor.match;

import dev.athanor.domain.fixtures.MatchState;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.Request;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the keeper is told.
sealed interface KeeperMessage {

  /// Answered with nothing when processes for all unfinished matches of the feed are being started;
  /// or with the reason why the database did not tell which they are.
  record Begin(UUID feed) implements KeeperMessage, Request<Optional<Throwable>> {}

  /// The supervisors that were there before this keeper.
  record Present(Map<UUID, Pid<?>> supervisors) implements KeeperMessage {}

  /// It is time to compare with the database.
  record Compare() implements KeeperMessage {}

  /// Matches that ought to have processes.
  ///
  /// @param asked who asked for those of one feed, or null for the regular comparison
  record Found(List<MatchState> matches, @Nullable From<Optional<Throwable>> asked)
      implements KeeperMessage {}

  /// Nobody could tell.
  record Unknown(Throwable cause, @Nullable From<Optional<Throwable>> asked)
      implements KeeperMessage {}

  /// The supervisor of a match is up, or (null) could not be started.
  record Begun(UUID match, @Nullable Pid<?> supervisor) implements KeeperMessage {}

  /// A match that ended early is to be given another process.
  record Revive(UUID match) implements KeeperMessage {}
}
