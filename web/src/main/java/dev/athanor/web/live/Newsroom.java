package dev.athanor.web.live;

import dev.athanor.domain.content.PostJson;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.web.FrontPosts;
import dev.athanor.web.KnownMatches;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/// Takes the platform's events and tells readers: encoded once, the same bytes to everybody. An
/// event may come twice; the second time readers' pages put the same post where it is already.
///
/// A stream that an updated post has left hears `post_withdrawn`. Readers who are told nothing
/// because of a failure here see the news with their next request, so an event is never held up.
@ApplicationScoped
public class Newsroom {
  private static final Logger LOG = Logger.getLogger(Newsroom.class);

  private final PubSub pubSub;
  private final FrontPosts frontPosts;
  private final KnownMatches matches;
  private final TalkedAbout stories;

  @Inject
  Newsroom(PubSub pubSub, FrontPosts frontPosts, KnownMatches matches, TalkedAbout stories) {
    this.pubSub = pubSub;
    this.frontPosts = frontPosts;
    this.matches = matches;
    this.stories = stories;
  }

  /// Broadcasts the event; done when every subscribed channel has it in its queue.
  @Incoming("events")
  public void tell(DomainEvent event) {
    try {
      dispatch(event);
    } catch (RuntimeException e) {
      LOG.errorf(e, "telling readers of the event %s (%s) failed", event.id(), event.type());
    }
  }

  private void dispatch(DomainEvent event) {
    switch (event.type()) {
      case DomainEvent.POST_PUBLISHED -> toAll(event, Topics.POST);
      case DomainEvent.POST_BREAKING -> breaking(event);
      case DomainEvent.POST_UPDATED -> updated(event);
      case DomainEvent.POST_WITHDRAWN -> toAll(event, Topics.POST_WITHDRAWN);
      case DomainEvent.MATCH_MOMENT -> moment(event);
      case DomainEvent.CHAT_SAID -> toChat(event, Topics.MESSAGE);
      case DomainEvent.CHAT_REMOVED -> toChat(event, Topics.MESSAGE_REMOVED);
      case DomainEvent.CHAT_BANNED -> toChat(event, Topics.BANNED);
      default -> {}
    }
  }

  private void breaking(DomainEvent event) {
    Breaking story = new Breaking(event.key(), Payload.json(bytes(event)));
    for (String slug : event.streams()) {
      pubSub.broadcast(Topics.BREAKING_OF + slug, story);
    }
  }

  /// The table first: whoever joins finds the moment there or, having joined before, hears of it.
  private void moment(DomainEvent event) {
    KnownMatches.Match match = KnownMatches.Match.read(bytes(event));
    matches.moved(match);
    pubSub.broadcast(Topics.GAME + match.id(), match.lastKind(), match.json());
  }

  /// The table first, as for a match.
  private void toChat(DomainEvent event, String told) {
    stories.changed(UUID.fromString(event.key()));
    pubSub.broadcast(Topics.STORY + event.key(), told, bytes(event));
  }

  private void updated(DomainEvent event) {
    byte[] json = bytes(event);
    List<String> own = PostJson.decode(event.payload()).streams();
    frontPosts.forget();
    for (String slug : event.streams()) {
      String told = own.contains(slug) ? Topics.POST_UPDATED : Topics.POST_WITHDRAWN;
      pubSub.broadcast(Topics.STREAM + slug, told, json);
    }
    pubSub.broadcast(Topics.FRONT, Topics.POST_UPDATED, json);
  }

  private void toAll(DomainEvent event, String told) {
    byte[] json = bytes(event);
    frontPosts.forget();
    for (String slug : event.streams()) {
      pubSub.broadcast(Topics.STREAM + slug, told, json);
    }
    pubSub.broadcast(Topics.FRONT, told, json);
  }

  private static byte[] bytes(DomainEvent event) {
    return event.payload().getBytes(StandardCharsets.UTF_8);
  }
}
