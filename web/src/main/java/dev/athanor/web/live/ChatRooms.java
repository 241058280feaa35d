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
import java.util.UUID;

/// What the channels of all stories share: the chat, who is in which, and how fast anybody may
/// write. Its presence stands in the application's tree.
@ApplicationScoped
public class ChatRooms implements Supervised {
  private static final int AT_ONCE = 5;
  private static final Duration ONE_EVERY = Duration.ofSeconds(2);

  /// Messages a second about one story: more nobody can read.
  private static final int LOUDEST = 50;

  /// Nicknames a second from one network address.
  private static final int ENTRANCES = 5;

  private final Chat chat;
  private final Readers readers;
  private final Presence presence;
  private final TalkedAbout stories;
  private final Throttle pace = new Throttle(ONE_EVERY, AT_ONCE);
  private final Throttle noise = new Throttle(LOUDEST, 2 * LOUDEST);
  private final Throttle entrances = new Throttle(ENTRANCES, 10 * ENTRANCES);

  @Inject
  ChatRooms(Node node, PubSub pubSub, Chat chat, Readers readers, TalkedAbout stories) {
    this.chat = chat;
    this.readers = readers;
    this.stories = stories;
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

  TalkedAbout stories() {
    return stories;
  }

  /// How long somebody has to wait who wants to come in under a nickname, in seconds.
  int waitToEnter(String address) {
    return entrances.take(address);
  }

  /// How long somebody has to wait who wants to say something, in seconds.
  ///
  /// @param who the reader of a token, or a network address
  int waitToSay(UUID story, Object who) {
    int wait = pace.take(List.of(story, who));
    return wait > 0 ? wait : noise.take(story);
  }
}
