package dev.athanor.domain.campaigns;

import java.util.Locale;

/// What a campaign is at.
public enum CampaignStatus {
  /// Its audience is being cut into batches, or these are delivered.
  RUNNING,

  /// An editor holds it; it goes on where it was.
  PAUSED,

  /// It was ended before everybody had it, by an editor or because the story was withdrawn.
  CANCELLED,

  /// Every device has its answer.
  DONE;

  /// Its name in JSON and in the database.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The status of that name.
  static CampaignStatus ofWireName(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
