package dev.athanor.cms.feeds;

import dev.athanor.domain.fixtures.Feed;
import dev.athanor.domain.fixtures.FeedProgress;
import dev.athanor.domain.fixtures.Fixtures;
import dev.athanor.domain.fixtures.MatchState;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.validation.FieldError;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Brings feeds into the platform and tells how far they are. Any thread; nothing blocks: a file is
/// parsed on a worker.
@ApplicationScoped
public class Feeds {
  /// The largest file that is taken: 32 MiB.
  public static final long LARGEST_FILE = 32L << 20;

  /// A feed being watched.
  ///
  /// @param progress its totals
  /// @param matches its matches in the order of kick-off
  public record Watched(FeedProgress progress, List<MatchState> matches) {
    /// Copies the list.
    public Watched {
      Objects.requireNonNull(progress, "progress");
      matches = List.copyOf(matches);
    }
  }

  private final Fixtures fixtures;
  private final Vertx vertx;

  @Inject
  Feeds(Fixtures fixtures, Vertx vertx) {
    this.fixtures = fixtures;
    this.vertx = vertx;
  }

  /// Reads a file and stores its matches, once: the same file again is the feed it was the first
  /// time, with `created` false. A file that is not in the format is refused with everything that
  /// is wrong with it, and nothing of it is stored.
  public Uni<Watched> bring(FeedRequest request, byte[] file) {
    return Uni.createFrom()
        .completionStage(
            () -> vertx.executeBlocking(() -> OpenFootball.parse(file), false).toCompletionStage())
        .flatMap(parsed -> fixtures.importFeed(parsed, request.speed()))
        .flatMap(
            feed ->
                watch(feed.id())
                    .map(watched -> with(feed, Objects.requireNonNull(watched, "imported"))));
  }

  /// How far a feed is; null for an unknown one.
  public Uni<@Nullable Watched> watch(UUID id) {
    return fixtures
        .progress(id)
        .flatMap(
            progress ->
                progress == null
                    ? Uni.createFrom().<@Nullable Watched>nullItem()
                    : fixtures.matches(id).map(matches -> new Watched(progress, matches)));
  }

  /// What is told of a feed that does not exist.
  public static Problem unknown(String id) {
    return Problem.of(
        404,
        "unknown-feed",
        "There is no such feed",
        "Expected the id of an imported feed, got " + FieldError.quote(id) + ".");
  }

  private static Watched with(Feed feed, Watched watched) {
    FeedProgress p = watched.progress();
    FeedProgress progress =
        new FeedProgress(
            feed,
            p.scheduled(),
            p.live(),
            p.finished(),
            p.withoutResult(),
            p.steps(),
            p.stepsDone());
    return new Watched(progress, watched.matches());
  }
}
