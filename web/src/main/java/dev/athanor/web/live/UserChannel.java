package dev.athanor.web.live;

import dev.athanor.domain.readers.Readers;
import dev.athanor.domain.readers.Subscriptions;
import dev.athanor.domain.streams.Stream;
import dev.athanor.otp.channels.JoinResult;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.pubsub.Subscription;
import dev.athanor.otp.channels.typed.OnBroadcast;
import dev.athanor.otp.channels.typed.OnInfo;
import dev.athanor.otp.channels.typed.OnJoin;
import dev.athanor.otp.channels.typed.TypedChannel;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.quarkus.channels.ChannelTopic;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A reader's own channel (`user:{reader id}`), joined with the reader's token,
/// `{"token": "..."}`; a wrong token, and that of another reader, is refused with
/// `{"reason":"unauthorized"}`.
///
/// The answer to the join is `{"subscriptions":[slug, ...]}`. Then come `followed` and `left`, when
/// the reader changes that in another page, and `breaking` with the post, once for each breaking
/// story on any of the streams followed.
@ChannelTopic(Topics.USER + "*")
final class UserChannel extends TypedChannel {
  /// How many stories are remembered as told: one on several streams comes several times.
  private static final int REMEMBERED = 32;

  /// What the reader says of itself.
  ///
  /// @param token what `POST /api/readers` has given out
  record Credentials(@Nullable String token) {}

  /// A stream, as other pages tell of it.
  ///
  /// @param slug which
  record Followed(String slug) {}

  /// The streams that were followed when the channel was joined.
  ///
  /// @param slugs which
  record AtFirst(List<String> slugs) {}

  /// What the answer to the join carries.
  ///
  /// @param subscriptions the slugs of the streams followed
  record Welcome(List<String> subscriptions) {}

  private final Readers readers;
  private final Subscriptions subscriptions;
  private final PubSub pubSub;
  private final Map<String, Subscription> followed = new HashMap<>(4);
  private final Set<String> told = new LinkedHashSet<>(4);

  /// Left while the list was on its way, which then still has them; null once it was taken.
  private @Nullable Set<String> leftMeanwhile = new HashSet<>(2);

  @Inject
  UserChannel(Readers readers, Subscriptions subscriptions, PubSub pubSub) {
    this.readers = readers;
    this.subscriptions = subscriptions;
    this.pubSub = pubSub;
  }

  @OnJoin
  Uni<JoinResult> join(@Nullable Credentials credentials) {
    String token = credentials == null ? null : credentials.token();
    if (token == null) {
      return Uni.createFrom().item(unauthorized());
    }
    return readers
        .recognize(token)
        .chain(
            reader ->
                reader == null || !reader.toString().equals(subtopic())
                    ? Uni.createFrom().item(unauthorized())
                    : welcome(reader, pid()));
  }

  /// The list goes to the channel as a message, so that it is taken after the join and before what
  /// changed meanwhile.
  private Uni<JoinResult> welcome(UUID reader, Pid<Object> self) {
    return subscriptions
        .of(reader)
        .map(
            streams -> {
              List<String> slugs = streams.stream().map(Stream::slug).toList();
              self.send(new AtFirst(slugs));
              return JoinResult.ok(Payload.of(new Welcome(slugs)));
            });
  }

  private static JoinResult unauthorized() {
    return JoinResult.refuse(Payload.of(Map.of("reason", "unauthorized")));
  }

  @OnInfo
  void atFirst(AtFirst known) {
    Set<String> gone = leftMeanwhile == null ? Set.of() : leftMeanwhile;
    leftMeanwhile = null;
    known.slugs().stream().filter(slug -> !gone.contains(slug)).forEach(this::listen);
  }

  @OnBroadcast(Topics.FOLLOWED)
  void followed(Followed stream) {
    listen(stream.slug());
    push(Topics.FOLLOWED, stream);
  }

  @OnBroadcast(Topics.LEFT)
  void left(Followed stream) {
    if (leftMeanwhile != null) {
      leftMeanwhile.add(stream.slug());
    }
    Subscription subscription = followed.remove(stream.slug());
    if (subscription != null) {
      subscription.cancel();
    }
    push(Topics.LEFT, stream);
  }

  private void listen(String slug) {
    followed.computeIfAbsent(
        slug, key -> pubSub.subscribe(Topics.BREAKING_OF + key, pid(), Breaking.class));
  }

  @OnInfo
  void breaking(Breaking story) {
    if (told.add(story.post())) {
      if (told.size() > REMEMBERED) {
        told.remove(told.iterator().next());
      }
      push(Topics.BREAKING, story.json());
    }
  }
}
