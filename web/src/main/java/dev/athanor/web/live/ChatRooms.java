package dev.athanor.web.live;

import dev.athanor.domain.chat.Chat;
import dev.athanor.domain.readers.Readers;
import dev.athanor.otp.channels.presence.Presence;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.quarkus.Supervised;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.web.Throttle;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;

/// What the channels of all stories share: the chat, who is in which, and how fast anybody may
/// write. Its presence stands in the application's tree.
@ApplicationScoped
public class ChatRooms implements Supervised {
  private static final int AT_ONCE = 5;
  private static final Duration ONE_EVERY = Duration.ofSeconds(2);

  private final Chat chat;
  private final Readers readers;
  private final Presence presence;
  private final Throttle pace = new Throttle(ONE_EVERY, AT_ONCE);

  @Inject
  ChatRooms(Node node, PubSub pubSub, Chat chat, Readers readers) {
    this.chat = chat;
    this.readers = readers;
    this.presence = Presence.builder(node, pubSub).name("web.presence").build();
  }

  @Override
  public int order() {
    return 200;
  }

  @Override
  public List<ChildSpec> children() {
    return List.of(presence.child());
  }

  Chat chat() {
    return chat;
  }

  Readers readers() {
    return readers;
  }

  Presence presence() {
    return presence;
  }

  Throttle pace() {
    return pace;
  }
}
