package dev.athanor.domain.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.streams.Cursor;
import dev.athanor.domain.streams.StreamKind;
import dev.athanor.domain.streams.StreamPage;
import dev.athanor.domain.streams.StreamVersions;
import dev.athanor.domain.streams.Streams;
import dev.athanor.domain.streams.UnknownStream;
import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.InvalidContent;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
class PostsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Inject Posts posts;
  @Inject Streams streams;
  @Inject StreamVersions versions;
  @Inject Pool pool;

  @Test
  void create_published_isOnItsStreamsAsEncoded() {
    String slug = stream();
    long before = versions.version(slug);

    Post post = await(posts.create(article("Late winner", true, slug, "football")));

    assertThat(versions.version(slug)).isGreaterThan(before);
    assertThat(post.publishedAt()).isNotNull();
    StreamPage page = await(streams.page(slug, 20, null));
    assertThat(page.posts()).isEqualTo("[" + PostJson.encode(post) + "]");
    assertThat(PostJson.decodePage(page.posts())).containsExactly(post);
    assertThat(page.next()).isNull();
    assertThat(await(posts.find(post.id()))).isEqualTo(post);
  }

  @Test
  void create_draft_isOnTheDeskOnly() {
    String slug = stream();

    Post draft = await(posts.create(article("Not yet", false, slug)));

    assertThat(draft.publishedAt()).isNull();
    assertThat(await(streams.page(slug, 20, null)).size()).isZero();
    assertThat(await(posts.desk(PostStatus.DRAFT, 100, null)).posts()).contains(draft);

    Post published = await(posts.change(draft.id(), PostChange.none().andPublish()));

    assertThat(published.status()).isEqualTo(PostStatus.PUBLISHED);
    assertThat(await(streams.page(slug, 20, null)).size()).isOne();
  }

  @Test
  void create_unknownStream_storesNothingAndNamesTheNearest() {
    String slug = stream();

    assertThatThrownBy(() -> await(posts.create(article("Oops", true, slug, "fotball"))))
        .isInstanceOfSatisfying(
            InvalidContent.class,
            e ->
                assertThat(e.errors())
                    .containsExactly(
                        new FieldError(
                            "streams[1]",
                            "the slug of a stream (did you mean \"football\"?)",
                            "\"fotball\"")));
    assertThat(await(streams.page(slug, 20, null)).size()).isZero();
  }

  @Test
  void change_typeAndStreams_movesThePost() {
    String from = stream();
    String to = stream();
    Post post = await(posts.create(article("Story", true, from)));
    PostChange none = PostChange.none();

    Post changed =
        await(
            posts.change(
                post.id(),
                new PostChange(
                    Field.of("tweet"),
                    none.title(),
                    none.summary(),
                    Field.of("Short now"),
                    none.url(),
                    Field.of(List.of(to)),
                    none.breaking(),
                    none.publish())));

    assertThat(changed.type()).isEqualTo(PostType.TWEET);
    assertThat(changed.publishedAt()).isEqualTo(post.publishedAt());
    assertThat(await(streams.page(from, 20, null)).size()).isZero();
    assertThat(await(streams.page(to, 20, null)).posts())
        .isEqualTo("[" + PostJson.encode(changed) + "]");
  }

  @Test
  void withdraw_published_leavesItsStreamsForGood() {
    String slug = stream();
    Post post = await(posts.create(article("Mistake", true, slug)));

    Post gone = await(posts.withdraw(post.id()));

    assertThat(gone.status()).isEqualTo(PostStatus.WITHDRAWN);
    assertThat(await(streams.page(slug, 20, null)).size()).isZero();
    assertThat(await(posts.withdraw(post.id()))).isEqualTo(gone);
    assertThatThrownBy(() -> await(posts.change(post.id(), PostChange.none().andPublish())))
        .isInstanceOf(Refused.class);
    assertThatThrownBy(() -> await(posts.withdraw(UUID.randomUUID()))).isInstanceOf(Refused.class);
  }

  @Test
  void page_unknownStream_fails() {
    assertThatThrownBy(() -> await(streams.page("no-such-stream", 20, null)))
        .isInstanceOf(UnknownStream.class);
  }

  @Test
  void page_whileOthersPublish_repeatsAndSkipsNothing() throws Exception {
    String slug = stream();
    List<Post> there = await(publish(slug, 120));
    CompletableFuture<List<Post>> publishing = publish(slug, 200).subscribeAsCompletionStage();

    List<UUID> read = new ArrayList<>();
    Cursor cursor = null;
    do {
      StreamPage page = await(streams.page(slug, 7, cursor));
      PostJson.decodePage(page.posts()).forEach(post -> read.add(post.id()));
      cursor = page.next();
    } while (cursor != null);
    publishing.get();

    Set<UUID> distinct = new LinkedHashSet<>(read);
    assertThat(distinct).hasSameSizeAs(read);
    assertThat(distinct).containsAll(there.stream().map(Post::id).toList());
  }

  @Test
  void page_askedForByManyAtOnce_eachGetsItsOwn() {
    Map<String, List<String>> published = new LinkedHashMap<>();
    for (int i = 1; i <= 5; i++) {
      String slug = stream();
      List<String> newestFirst = new ArrayList<>();
      for (int n = 0; n < i; n++) {
        newestFirst.addFirst(
            PostJson.encode(await(posts.create(article("Story " + n, true, slug)))));
      }
      published.put(slug, newestFirst);
    }
    List<String> slugs = List.copyOf(published.keySet());

    List<Uni<StreamPage>> asked = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int limit = 1 + i % 4;
      asked.add(streams.page(slugs.get(i % 5), limit, null));
    }
    List<StreamPage> pages = await(Uni.join().all(asked).andFailFast());

    for (int i = 0; i < 200; i++) {
      List<String> all = published.get(slugs.get(i % 5));
      int limit = 1 + i % 4;
      assertThat(pages.get(i).posts())
          .isEqualTo("[" + String.join(",", all.subList(0, Math.min(limit, all.size()))) + "]");
      assertThat(pages.get(i).next() == null).isEqualTo(limit >= all.size());
    }
  }

  @Test
  void change_byManyAtOnce_losesNoneAndEventsStandInTheirOrder() {
    Post post = await(posts.create(article("Story", true, stream())));
    PostChange none = PostChange.none();
    List<Uni<Post>> changes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String title = "Title " + i;
      changes.add(
          posts.change(
              post.id(),
              new PostChange(
                  none.type(),
                  Field.of(title),
                  none.summary(),
                  none.body(),
                  none.url(),
                  none.streams(),
                  none.breaking(),
                  none.publish())));
    }

    List<Post> changed = await(Uni.join().all(changes).andFailFast());

    assertThat(changed).extracting(Post::title).doesNotHaveDuplicates().hasSize(20);
    List<String> told = new ArrayList<>();
    pool.preparedQuery("SELECT payload FROM outbox WHERE key = $1 ORDER BY seq")
        .execute(Tuple.of(post.id().toString()))
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .forEach(row -> told.add(row.getString(0)));
    assertThat(told).hasSize(21).doesNotHaveDuplicates();
    assertThat(told.getFirst()).isEqualTo(PostJson.encode(post));
    assertThat(told.getLast()).isEqualTo(PostJson.encode(await(posts.find(post.id()))));
  }

  private Uni<List<Post>> publish(String slug, int count) {
    return Multi.createFrom()
        .range(0, count)
        .onItem()
        .transformToUni(i -> posts.create(article("Post " + i, true, slug)))
        .merge(6)
        .collect()
        .asList();
  }

  private String stream() {
    return await(streams.create(null, "Stream " + UUID.randomUUID(), StreamKind.TOPIC)).slug();
  }

  private static Draft article(String title, boolean publish, String... streams) {
    return new Draft("article", title, null, "Some text.", null, List.of(streams), false, publish);
  }

  private static <T extends @Nullable Object> T await(Uni<T> uni) {
    return uni.await().atMost(SOON);
  }
}
