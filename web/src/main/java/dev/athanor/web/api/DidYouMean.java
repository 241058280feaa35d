package dev.athanor.web.api;

import dev.athanor.domain.streams.Stream;
import dev.athanor.domain.streams.Streams;
import dev.athanor.otp.process.Name;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks for the stream that an unknown slug probably meant, among those that begin like it.
final class DidYouMean {
  private static final int PREFIX = 3;
  private static final int CANDIDATES = 100;

  private DidYouMean() {}

  static Uni<@Nullable String> stream(Streams streams, String slug) {
    String start = slug.length() <= PREFIX ? slug : slug.substring(0, PREFIX);
    return streams
        .search(start, CANDIDATES)
        .flatMap(
            alike ->
                streams
                    .search("", CANDIDATES)
                    .map(
                        all -> {
                          List<String> slugs = new ArrayList<>();
                          alike.stream().map(Stream::slug).forEach(slugs::add);
                          all.stream().map(Stream::slug).forEach(slugs::add);
                          return Name.nearest(slug, slugs);
                        }));
  }
}
