package dev.athanor.domain.campaigns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CampaignTest {
  @Test
  void campaign_underWay_tellsItsRateAndHowLongTheRestTakes() {
    Campaign campaign = campaign(CampaignStatus.RUNNING, 1_000, 300, Duration.ofSeconds(20));

    // 300 sent, 60 gone, 40 refused and 100 skipped of 1,000.
    assertThat(campaign.settled()).isEqualTo(500);
    assertThat(campaign.percent()).isEqualTo(50);
    assertThat(campaign.perSecond()).isEqualTo(20);
    assertThat(campaign.left()).isEqualTo(Duration.ofSeconds(25));
  }

  @Test
  void campaign_nearlyThere_isNotAtAHundredPercent() {
    assertThat(campaign(CampaignStatus.RUNNING, 1_000_000, 999_799, Duration.ofMinutes(1)))
        .satisfies(campaign -> assertThat(campaign.percent()).isEqualTo(99));
  }

  @Test
  void campaign_justBegunOrHeld_tellsNoEnd() {
    assertThat(campaign(CampaignStatus.RUNNING, 1_000, 0, Duration.ZERO).left()).isNull();
    assertThat(campaign(CampaignStatus.PAUSED, 1_000, 300, Duration.ofSeconds(20)).left()).isNull();
  }

  @Test
  void campaign_withoutAudience_isWholeWhenItIsDone() {
    assertThat(empty(CampaignStatus.RUNNING).percent()).isZero();
    assertThat(empty(CampaignStatus.DONE).percent()).isEqualTo(100);
  }

  private static Campaign campaign(
      CampaignStatus status, long audience, long sent, Duration active) {
    return new Campaign(
        UUID.randomUUID(),
        UUID.randomUUID(),
        "Late winner",
        status,
        true,
        audience,
        sent,
        60,
        40,
        100,
        null,
        Instant.EPOCH,
        null,
        active);
  }

  private static Campaign empty(CampaignStatus status) {
    return new Campaign(
        UUID.randomUUID(),
        UUID.randomUUID(),
        "Late winner",
        status,
        true,
        0,
        0,
        0,
        0,
        0,
        null,
        Instant.EPOCH,
        null,
        Duration.ofSeconds(1));
  }
}
