package dev.athanor.processor.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.campaigns.CampaignStatus;
import dev.athanor.domain.campaigns.Campaigns;
import dev.athanor.domain.content.Draft;
import dev.athanor.domain.content.Field;
import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostChange;
import dev.athanor.domain.content.PostJson;
import dev.athanor.domain.content.Posts;
import dev.athanor.domain.outbox.DomainEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class CampaignStartTest {
  @Inject CampaignStart consumer;
  @Inject Campaigns campaigns;
  @Inject Posts posts;
  @Inject Pool pool;

  private Audience audience;

  @BeforeEach
  void audience() {
    audience = new Audience(pool, campaigns);
    audience.devices("apns", 1);
  }

  @Test
  void story_publishedAsBreaking_hasACampaignWithItsWords() {
    Post story = create(true);

    Row campaign = awaitCampaign(story);
    assertThat(campaign.getString("title")).isEqualTo("Late winner");
    assertThat(campaign.getString("body")).isEqualTo("1-0");
    assertThat(campaign.getArrayOfIntegers("stream_ids")).hasSize(1);
  }

  @Test
  void story_withoutATitle_isToldByItsText() {
    Post tweet =
        Audience.await(
            posts.create(
                new Draft(
                    "tweet", null, null, "He signed!", null, List.of(audience.name), true, true)));

    assertThat(awaitCampaign(tweet).getString("title")).isEqualTo("He signed!");
  }

  @Test
  void story_breakingAfterItsPublication_hasACampaign() {
    Post story = create(false);
    apply(DomainEvent.POST_PUBLISHED, story);
    assertThat(campaigns(story)).isEmpty();

    change(story, true);

    awaitCampaign(story);
  }

  @Test
  void story_editedLongAfterItWasBreaking_isNoNews() {
    Post story = create(true);
    awaitCampaign(story);
    forget(story);
    audience.run(
        "UPDATE post SET breaking_at = breaking_at - interval '5 hours' WHERE id = $1",
        Tuple.of(story.id()));

    apply(DomainEvent.POST_UPDATED, title(story, "Late winner, corrected"));
    apply(DomainEvent.POST_PUBLISHED, story);

    assertThat(campaigns(story)).isEmpty();
  }

  @Test
  void story_breakingOnceMore_keepsItsOneCampaign() {
    Post story = create(true);
    UUID first = awaitCampaign(story).getUUID("id");

    change(story, false);
    apply(DomainEvent.POST_UPDATED, change(story, true));

    assertThat(awaitCampaign(story).getUUID("id")).isEqualTo(first);
  }

  @Test
  void publication_comingAgainAfterTheWithdrawal_beginsNothing() {
    Post story = create(true);
    awaitCampaign(story);
    Audience.await(posts.withdraw(story.id()));
    Awaitility.await()
        .atMost(Audience.PATIENCE)
        .until(
            () ->
                CampaignStatus.CANCELLED
                    .wireName()
                    .equals(campaigns(story).getFirst().getString("status")));
    forget(story);

    apply(DomainEvent.POST_PUBLISHED, story);

    assertThat(campaigns(story)).isEmpty();
  }

  private Post create(boolean breaking) {
    return Audience.await(
        posts.create(
            new Draft(
                "article",
                "Late winner",
                "1-0",
                "Text",
                null,
                List.of(audience.name),
                breaking,
                true)));
  }

  private Post change(Post story, boolean breaking) {
    return change(story, Field.absent(), Field.of(breaking));
  }

  private Post title(Post story, String title) {
    return change(story, Field.of(title), Field.absent());
  }

  private Post change(Post story, Field<String> title, Field<Boolean> breaking) {
    return Audience.await(
        posts.change(
            story.id(),
            new PostChange(
                Field.absent(),
                title,
                Field.absent(),
                Field.absent(),
                Field.absent(),
                Field.absent(),
                breaking,
                Field.absent())));
  }

  /// As it would come again, or from an earlier release: nobody remembers it.
  private void apply(String type, Post post) {
    Audience.await(
        consumer.apply(
            List.of(
                new DomainEvent(
                    UUID.randomUUID(),
                    1,
                    type,
                    post.id().toString(),
                    PostJson.encode(post),
                    post.streams(),
                    Instant.now()))));
  }

  private void forget(Post story) {
    audience.run("DELETE FROM campaign WHERE post_id = $1", Tuple.of(story.id()));
  }

  private Row awaitCampaign(Post story) {
    Awaitility.await().atMost(Audience.PATIENCE).until(() -> !campaigns(story).isEmpty());
    return campaigns(story).getFirst();
  }

  private List<Row> campaigns(Post story) {
    return audience.run("SELECT * FROM campaign WHERE post_id = $1", Tuple.of(story.id()));
  }
}
