package dev.athanor.web.live;

import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.wire.Payload;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;

/// Tells a reader's other pages what the reader has changed in one of them. Any thread.
@ApplicationScoped
public class ReaderNews {
  private final PubSub pubSub;

  @Inject
  ReaderNews(PubSub pubSub) {
    this.pubSub = pubSub;
  }

  /// The reader follows the stream now.
  public void followed(UUID reader, String slug) {
    tell(reader, Topics.FOLLOWED, slug);
  }

  /// The reader has left the stream.
  public void left(UUID reader, String slug) {
    tell(reader, Topics.LEFT, slug);
  }

  private void tell(UUID reader, String event, String slug) {
    pubSub.broadcast(Topics.USER + reader, event, Payload.of(Map.of("slug", slug)));
  }
}
