package dev.athanor.cms.desk;

import dev.athanor.domain.campaigns.Campaign;
import dev.athanor.domain.campaigns.CampaignStatus;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A campaign as a page shows it.
///
/// @param campaign the campaign
public record CampaignView(Campaign campaign) {
  /// Its status's wire name.
  public String status() {
    return campaign.status().wireName();
  }

  /// Whether it runs.
  public boolean running() {
    return campaign.status() == CampaignStatus.RUNNING;
  }

  /// Whether an editor holds it.
  public boolean paused() {
    return campaign.status() == CampaignStatus.PAUSED;
  }

  /// Whether it can still be held or ended.
  public boolean open() {
    return running() || paused();
  }

  /// When it began, in words.
  public String when() {
    return DeskRow.WORDS.format(campaign.createdAt());
  }

  /// How many devices, and whether they are still being counted.
  public String audience() {
    return number(campaign.audience()) + (campaign.counted() || !open() ? "" : " and counting");
  }

  /// How many have it.
  public String sent() {
    return number(campaign.sent());
  }

  /// How many could not be sent to.
  public String failed() {
    return number(campaign.refused());
  }

  /// How many turned out to be gone.
  public String dead() {
    return number(campaign.dead());
  }

  /// How many hang on a push service that is not configured; null when none does.
  public @Nullable String skipped() {
    return campaign.skipped() == 0 ? null : number(campaign.skipped());
  }

  /// Answers a second.
  public String rate() {
    return number(campaign.perSecond()) + " a second";
  }

  /// How long the rest takes; null when nobody can tell.
  public @Nullable String left() {
    Duration left = campaign.counted() ? campaign.left() : null;
    if (left == null) {
      return null;
    }
    long seconds = left.toSeconds();
    return seconds < 90 ? seconds + " s" : (seconds + 59) / 60 + " min";
  }

  private static String number(long value) {
    return String.format(Locale.ENGLISH, "%,d", value);
  }
}
