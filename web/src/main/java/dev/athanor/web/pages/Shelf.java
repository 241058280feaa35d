package dev.athanor.web.pages;

import dev.athanor.domain.content.Post;
import dev.athanor.domain.streams.Stream;
import dev.athanor.domain.streams.StreamKind;
import dev.athanor.domain.streams.Streams;
import dev.athanor.web.KnownStreams;
import dev.athanor.web.ReadThrough;
import dev.athanor.web.TableOwner;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What pages need beside their posts: the names of streams, the streams in the bar, the version of
/// scripts and styles.
@ApplicationScoped
class Shelf {
  private static final int LISTED = 100;
  private static final int TOPICS = 8;

  private final Streams streams;
  private final KnownStreams known;
  private final TableOwner owner;
  private final Assets assets;

  @Inject
  Shelf(Streams streams, KnownStreams known, TableOwner owner, Assets assets) {
    this.streams = streams;
    this.known = known;
    this.owner = owner;
    this.assets = assets;
  }

  /// The frame of a page that shows the stream of that slug.
  Uni<Frame> frame(String current, boolean live) {
    return listed().map(all -> new Frame(assets.version(), topics(all), current, live));
  }

  /// The frame of a page that says what is wrong: complete also when the streams cannot be read.
  Uni<Frame> frameOfRefusal() {
    return frame("/", false)
        .onFailure()
        .recoverWithItem(() -> new Frame(assets.version(), List.of(), "/", false));
  }

  /// The streams in order of name, topics first; asked for twice a second at most.
  Uni<List<Stream>> listed() {
    return ReadThrough.get(
        owner.listed(),
        LISTED,
        () ->
            streams
                .search("", LISTED)
                .map(found -> found.stream().sorted(Comparator.comparing(Stream::kind)).toList()));
  }

  /// The views of posts, with the names of their streams.
  Uni<List<PostView>> views(List<Post> posts) {
    Set<String> slugs =
        posts.stream().flatMap(post -> post.streams().stream()).collect(Collectors.toSet());
    return names(slugs).map(names -> posts.stream().map(post -> PostView.of(post, names)).toList());
  }

  private Uni<Map<String, String>> names(Collection<String> slugs) {
    if (slugs.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    List<Uni<String>> all =
        slugs.stream().map(slug -> stream(slug).map(found -> slug + '\n' + found)).toList();
    return Uni.join()
        .all(all)
        .andCollectFailures()
        .map(
            pairs -> {
              Map<String, String> names = new LinkedHashMap<>();
              for (String pair : pairs) {
                int cut = pair.indexOf('\n');
                names.put(pair.substring(0, cut), pair.substring(cut + 1));
              }
              return names;
            });
  }

  private Uni<String> stream(String slug) {
    return known.find(slug).map(found -> found == null ? slug.replace('-', ' ') : found.name());
  }

  private static List<Stream> topics(List<Stream> all) {
    return all.stream().filter(stream -> stream.kind() == StreamKind.TOPIC).limit(TOPICS).toList();
  }
}
