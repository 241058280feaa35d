package dev.athanor.processor.match;

import dev.athanor.domain.fixtures.Fixtures;
import dev.athanor.domain.fixtures.MatchState;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Where a match process keeps what must survive it.
interface Checkpoints {

  CompletionStage<@Nullable MatchState> load(UUID match);

  /// Publishes the moment at that step and moves on, in one transaction; false when the match has
  /// left that step already.
  CompletionStage<Boolean> advance(UUID match, int step);

  /// The matches with moments left to publish, of one feed or (null) of all.
  CompletionStage<List<MatchState>> unfinished(@Nullable UUID feed);

  static Checkpoints in(Fixtures fixtures) {
    return new Checkpoints() {
      @Override
      public CompletionStage<@Nullable MatchState> load(UUID match) {
        return fixtures.match(match).subscribeAsCompletionStage();
      }

      @Override
      public CompletionStage<Boolean> advance(UUID match, int step) {
        return fixtures.advance(match, step).subscribeAsCompletionStage();
      }

      @Override
      public CompletionStage<List<MatchState>> unfinished(@Nullable UUID feed) {
        return (feed == null ? fixtures.unfinished() : fixtures.unfinished(feed))
            .subscribeAsCompletionStage();
      }
    };
  }
}
