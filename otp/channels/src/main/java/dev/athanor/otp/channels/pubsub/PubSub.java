package dev.athanor.otp.channels.pubsub;

import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Topics that processes subscribe to and anybody broadcasts to (`Phoenix.PubSub`).
///
/// All methods may be called from any thread and none blocks. A topic exists while somebody is
/// subscribed to it; subscribing and leaving are O(1), and a subscription ends with its process,
/// before anybody hears of that end. What one thread or process broadcasts to a topic arrives in
/// that order, and for subscribed processes in one order with what it sends them directly.
/// Broadcasting to a topic nobody subscribed to does nothing.
///
/// Nothing here fails but bad arguments: who has ended in the meantime just misses the message.
public final class PubSub {
  /// What carries messages to the other nodes of a cluster (`Phoenix.PubSub.Adapter`). Its methods
  /// are called from any thread, must not block and do not fail: what cannot be carried is lost.
  public interface Adapter {
    /// What this node is called among the others.
    ///
    /// @return the name, for [PubSub#directBroadcast]
    String nodeName();

    /// Sends a message to every other node, which hands it to its [PubSub#localBroadcast].
    ///
    /// @param topic the topic
    /// @param message the message
    void broadcast(String topic, Object message);

    /// Sends a message to one other node, which hands it to its [PubSub#localBroadcast].
    ///
    /// @param node the other node; when there is none of that name nothing happens
    /// @param topic the topic
    /// @param message the message
    void directBroadcast(String node, String topic, Object message);

    /// The adapter of a node that is alone.
    ///
    /// @return an adapter that carries nothing, on a node called `local`
    static Adapter local() {
      return Local.ALONE;
    }
  }

  /// There is nobody else.
  private enum Local implements Adapter {
    ALONE;

    @Override
    public String nodeName() {
      return "local";
    }

    @Override
    public void broadcast(String topic, Object message) {}

    @Override
    public void directBroadcast(String node, String topic, Object message) {}
  }

  private final Node node;
  private final Adapter adapter;
  private final ConcurrentMap<String, Topic> topics = new ConcurrentHashMap<>();
  private final LongAdder broadcasts = new LongAdder();
  private final Histories histories;

  /// A PubSub of this node alone.
  ///
  /// @param node whose processes subscribe
  public PubSub(Node node) {
    this(node, Adapter.local());
  }

  /// A PubSub that reaches other nodes.
  ///
  /// @param node whose processes subscribe
  /// @param adapter what carries broadcasts to the others
  public PubSub(Node node, Adapter adapter) {
    this.node = node;
    this.adapter = adapter;
    this.histories = new Histories(this, node.scheduler());
  }

  /// Keeps the last events of some topics from now on, numbered, for clients that come back: a join
  /// that asks for it gets what it missed ([#missed] has the terms). Nothing is kept by default.
  /// Each node keeps and numbers for itself. Events of kept topics must be JSON.
  ///
  /// @param pattern a topic, or a prefix with `*` at its end; of several that fit the first counts
  /// @param bounds how much
  /// @return this
  public PubSub keep(String pattern, Retention bounds) {
    histories.keep(new TopicPattern(pattern), bounds);
    return this;
  }

  /// Tells whether the events of a topic are kept.
  ///
  /// @param topic the topic
  /// @return true when a pattern of [#keep] fits
  public boolean isKept(String topic) {
    return histories.of(topic) != null;
  }

  /// What came over a kept topic after an offset. A subscriber that asks after it subscribed has
  /// every event once: those numbered up to [Missed#offset] are in the answer, those above come.
  ///
  /// @param topic the topic
  /// @param epoch which history the offset is of; null to know the present one
  /// @param offset the number of the last event had
  /// @return what was missed; null when the topic is not kept
  public @Nullable Missed missed(String topic, @Nullable String epoch, long offset) {
    return histories.after(topic, epoch, offset);
  }

  /// The same for a topic that has a history: asking makes none. One is made by the first event and
  /// by [#missed], and kept while it has events or subscribers.
  ///
  /// @param topic the topic
  /// @param epoch which history the offset is of
  /// @param offset the number of the last event had
  /// @return what was missed; null when the topic has no history here
  public @Nullable Missed missedIfKnown(String topic, @Nullable String epoch, long offset) {
    return histories.afterIfKnown(topic, epoch, offset);
  }

  /// Subscribes a process to the events of a topic. Subscribed twice it receives everything twice.
  ///
  /// @param topic the topic
  /// @param subscriber the process; when it is dead the subscription is over at once
  /// @return the subscription
  public Subscription subscribe(String topic, Pid<? super Broadcast> subscriber) {
    return subscribe(topic, subscriber, Broadcast.class);
  }

  /// Subscribes a process to those messages of a topic that are of a type; others pass it by.
  ///
  /// @param topic the topic
  /// @param subscriber the process; when it is dead the subscription is over at once
  /// @param type what it wants to receive
  /// @param <M> that type
  /// @return the subscription
  public <M> Subscription subscribe(String topic, Pid<? super M> subscriber, Class<M> type) {
    Subscription subscription = null;
    while (subscription == null) {
      subscription = topic(topic).add(subscriber, type);
    }
    if (!node.own(subscriber, subscription)) {
      subscription.cancel();
    }
    return subscription;
  }

  /// Subscribes something that takes messages on a lane, without a mailbox. To be called on the
  /// thread of that lane, an event loop; nobody ends this subscription but [Subscription#cancel],
  /// to be called there too.
  ///
  /// @param topic the topic
  /// @param lane where it takes messages
  /// @param fastlane what takes them
  /// @param process whose broadcasts pass it by in [#broadcastFrom]; may be null
  /// @return the subscription
  public Subscription subscribe(
      String topic, Lane lane, Fastlane fastlane, @Nullable Pid<?> process) {
    Subscription subscription = null;
    while (subscription == null) {
      subscription = topic(topic).add(lane, fastlane, process);
    }
    return subscription;
  }

  /// Ends one subscription of a process. Among few subscribers of the topic it is searched for;
  /// among more the first call makes an index of the topic (O(n), about 50 bytes a subscriber) and
  /// all others are O(1). Whoever kept the [Subscription] cancels it in O(1) without one.
  ///
  /// @param topic the topic
  /// @param subscriber the process
  /// @return whether it was subscribed
  public boolean unsubscribe(String topic, Pid<?> subscriber) {
    Topic found = topics.get(topic);
    if (found != null) {
      Subscription subscription = found.find(subscriber);
      while (subscription != null) {
        if (subscription.end()) {
          return true;
        }
        subscription = found.find(subscriber);
      }
    }
    return false;
  }

  /// Sends a message to all subscribers on all nodes.
  ///
  /// @param topic the topic
  /// @param message an immutable message
  public void broadcast(String topic, Object message) {
    check(topic, message);
    adapter.broadcast(topic, message);
    localBroadcast(topic, message);
  }

  /// Sends an event to all subscribers on all nodes.
  ///
  /// @param topic the topic
  /// @param event the event
  /// @param payload what it carries
  public void broadcast(String topic, String event, Payload payload) {
    broadcast(topic, new Broadcast(topic, event, payload));
  }

  /// Sends an event whose payload is encoded already to all subscribers on all nodes. The bytes are
  /// sent as they are, never parsed and never copied before they are written.
  ///
  /// @param topic the topic
  /// @param event the event
  /// @param json one JSON value in UTF-8, not to be changed afterwards
  public void broadcast(String topic, String event, byte[] json) {
    broadcast(topic, event, Payload.json(json));
  }

  /// Sends a message to all subscribers on all nodes but one.
  ///
  /// @param from who does not receive it
  /// @param topic the topic
  /// @param message an immutable message
  public void broadcastFrom(Pid<?> from, String topic, Object message) {
    check(topic, message);
    adapter.broadcast(topic, message);
    dispatch(from, topic, message);
  }

  /// Sends a message to the subscribers on one node (`direct_broadcast/4`).
  ///
  /// @param nodeName what [Adapter#nodeName] says there; nobody receives it when there is no such
  ///   node
  /// @param topic the topic
  /// @param message an immutable message
  public void directBroadcast(String nodeName, String topic, Object message) {
    if (nodeName.equals(adapter.nodeName())) {
      localBroadcast(topic, message);
    } else {
      adapter.directBroadcast(nodeName, topic, message);
    }
  }

  /// Sends a message to the subscribers on this node.
  ///
  /// @param topic the topic
  /// @param message an immutable message
  public void localBroadcast(String topic, Object message) {
    dispatch(null, topic, message);
  }

  /// Sends a message to the subscribers on this node but one.
  ///
  /// @param from who does not receive it
  /// @param topic the topic
  /// @param message an immutable message
  public void localBroadcastFrom(Pid<?> from, String topic, Object message) {
    dispatch(from, topic, message);
  }

  /// How many subscriptions a topic has on this node.
  ///
  /// @param topic the topic
  /// @return the count, out of date when it arrives
  public int subscribers(String topic) {
    Topic found = topics.get(topic);
    return found == null ? 0 : found.size();
  }

  /// The name of a topic as its subscribers here keep it, so that very many who come to the same
  /// one need not keep a copy each.
  ///
  /// @param topic the topic
  /// @return an equal string: the one all share, or `topic` itself when nobody is subscribed
  public String shared(String topic) {
    Topic found = topics.get(topic);
    return found == null ? topic : found.name;
  }

  /// How many topics have subscribers on this node.
  ///
  /// @return the count, out of date when it arrives
  public int topics() {
    return topics.size();
  }

  /// How many messages were broadcast to the subscribers of this node.
  ///
  /// @return the count, out of date when it arrives
  public long broadcasts() {
    return broadcasts.sum();
  }

  private void dispatch(@Nullable Pid<?> from, String topic, Object message) {
    broadcasts.increment();
    Histories.Rule kept = message instanceof Broadcast ? histories.of(topic) : null;
    if (kept != null && message instanceof Broadcast event && event.topic().equals(topic)) {
      histories.publish(kept, from, event);
      return;
    }
    Topic found = topics.get(topic);
    if (found != null) {
      found.dispatch(from, message);
    }
  }

  /// Plain bytes have no place for a number on the wire.
  private void check(String topic, Object message) {
    if (message instanceof Broadcast event
        && event.payload().isBinary()
        && histories.of(topic) != null) {
      throw new IllegalArgumentException(
          "expected JSON on '"
              + topic
              + "', whose events are kept and numbered, got plain bytes; send them as base64, or on"
              + " another topic");
    }
  }

  int histories() {
    return histories.size();
  }

  @Nullable Topic find(String name) {
    return topics.get(name);
  }

  private Topic topic(String name) {
    Topic found = topics.get(name);
    return found != null ? found : topics.computeIfAbsent(name, wanted -> new Topic(this, wanted));
  }

  void forget(Topic topic) {
    topics.remove(topic.name, topic);
  }
}
