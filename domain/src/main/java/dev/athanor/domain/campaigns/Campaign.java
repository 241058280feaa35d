package dev.athanor.domain.campaigns;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A campaign as it stands.
///
/// @param id its id: the id of the event that began it
/// @param post the story
/// @param title the story's title
/// @param status what it is at
/// @param counted whether the audience is counted to its end; until then it grows
/// @param audience the devices of those who follow one of the story's streams
/// @param sent to how many the push service has taken it
/// @param dead how many turned out to be gone, and were forgotten
/// @param refused how many could not be sent to for another reason
/// @param skipped how many hang on a push service that is not configured
/// @param problem the latest reason of a refusal; null when there was none
/// @param createdAt when it began
/// @param finishedAt when it was done or cancelled; null while it is neither
/// @param active how long it has been running, rests not counted
public record Campaign(
    UUID id,
    UUID post,
    String title,
    CampaignStatus status,
    boolean counted,
    long audience,
    long sent,
    long dead,
    long refused,
    long skipped,
    @Nullable String problem,
    Instant createdAt,
    @Nullable Instant finishedAt,
    Duration active) {

  /// How many devices have their answer, whatever it was.
  public long settled() {
    return sent + dead + refused + skipped;
  }

  /// How much of the audience has its answer, 0 to 100; 100 only when everybody has.
  public int percent() {
    if (audience == 0) {
      return status == CampaignStatus.DONE ? 100 : 0;
    }
    return (int) Math.min(100, 100 * settled() / audience);
  }

  /// Answers a second while it ran; 0 before the first.
  public long perSecond() {
    double seconds = active.toMillis() / 1000.0;
    return seconds < 0.001 ? 0 : Math.round((settled() - skipped) / seconds);
  }

  /// How long the rest takes at this rate; null when nobody can tell or nothing is left to do.
  public @Nullable Duration left() {
    long rate = perSecond();
    return status != CampaignStatus.RUNNING || rate == 0
        ? null
        : Duration.ofSeconds(Math.max(0, audience - settled()) / rate);
  }
}
