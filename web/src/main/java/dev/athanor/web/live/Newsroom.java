package dev.athanor.web.live;

import dev.athanor.domain.content.PostJson;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.web.FrontPosts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

  private final Sockets sockets;
  private final FrontPosts frontPosts;

  @Inject
  Newsroom(Sockets sockets, FrontPosts frontPosts) {
    this.sockets = sockets;
    this.frontPosts = frontPosts;
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
      case DomainEvent.POST_UPDATED -> updated(event);
      case DomainEvent.POST_WITHDRAWN -> toAll(event, Topics.POST_WITHDRAWN);
      default -> {}
    }
  }

  private void updated(DomainEvent event) {
    byte[] json = bytes(event);
    List<String> own = PostJson.decode(event.payload()).streams();
    frontPosts.forget();
    for (String slug : event.streams()) {
      String told = own.contains(slug) ? Topics.POST_UPDATED : Topics.POST_WITHDRAWN;
      sockets.tell(Topics.STREAM + slug, told, json);
    }
    sockets.tell(Topics.FRONT, Topics.POST_UPDATED, json);
  }

  private void toAll(DomainEvent event, String told) {
    byte[] json = bytes(event);
    frontPosts.forget();
    for (String slug : event.streams()) {
      sockets.tell(Topics.STREAM + slug, told, json);
    }
    sockets.tell(Topics.FRONT, told, json);
  }

  private static byte[] bytes(DomainEvent event) {
    return event.payload().getBytes(StandardCharsets.UTF_8);
  }
}
