package dev.athanor.otp.channels.testing;

import dev.athanor.otp.channels.pubsub.Broadcast;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A topic that a [TestSocket] has joined, from the client's side.
///
/// Patterns fit as they do in Elixir: of a JSON object only the fields named must be there and
/// equal, of everything else all of it. Payloads are a [Payload] or anything Jackson can write.
public final class TestChannel {
  private final TestSocket socket;
  private final String topic;
  private final String joinRef;
  private final Inbox<Received> broadcasts;
  private final Pid<Broadcast> listener;
  private @Nullable Payload response;

  TestChannel(TestSocket socket, String topic, String joinRef) {
    this.socket = socket;
    this.topic = topic;
    this.joinRef = joinRef;
    this.broadcasts = new Inbox<>(socket.node().scheduler());
    this.listener = socket.spawn(new Listener());
  }

  void subscribe() {
    var _ = socket.pubSub().subscribe(topic, listener);
  }

  TestPush join(Object params) {
    socket.send(joinRef, joinRef, topic, "phx_join", Matching.payload(params));
    return new TestPush(socket, topic, "phx_join", joinRef, reply -> response = reply);
  }

  /// The topic joined.
  ///
  /// @return the topic
  public String topic() {
    return topic;
  }

  /// What the client was told when it joined.
  ///
  /// @return the response of the join
  public Payload response() {
    return Objects.requireNonNull(response);
  }

  // ---- doing
  // -------------------------------------------------------------------------------------

  /// Sends an event with the payload `{}` (`push/3`).
  ///
  /// @param event the event
  /// @return what may be replied to
  public TestPush push(String event) {
    return push(event, Payload.EMPTY);
  }

  /// Sends an event.
  ///
  /// @param event the event
  /// @param payload what it carries; a binary [Payload] goes as a binary frame
  /// @return what may be replied to
  public TestPush push(String event, Object payload) {
    String ref = socket.nextRef();
    socket.send(joinRef, ref, topic, event, Matching.payload(payload));
    return new TestPush(socket, topic, event, ref, reply -> {});
  }

  /// Broadcasts to the topic as somebody else: the channel under test takes it like any other, only
  /// this test's own subscription does not hear it (`broadcast_from/3`).
  ///
  /// @param event the event
  /// @param payload what it carries
  public void broadcastFrom(String event, Object payload) {
    Broadcast message = new Broadcast(topic, event, Matching.payload(payload));
    socket.pubSub().broadcastFrom(listener, topic, message);
  }

  /// Sends the channel's process a message, for `handleInfo` (`send(socket.channel_pid, message)`).
  ///
  /// @param message the message
  public void send(Object message) {
    pid().send(message);
  }

  /// The channel's process.
  ///
  /// @return its pid
  /// @throws AssertionError when the channel is gone
  public Pid<Object> pid() {
    Pid<Object> pid = socket.await(socket.line().channel(topic));
    if (pid == null) {
      throw new AssertionError("expected " + topic + " to be joined, it is not any more");
    }
    return pid;
  }

  /// Leaves the topic (`leave/1`).
  ///
  /// @return what is replied to, with `ok`
  public TestPush leave() {
    return push("phx_leave");
  }

  // ---- expecting
  // ---------------------------------------------------------------------------------

  /// Waits for an event to reach the client, by push or by broadcast.
  ///
  /// @param event the event
  /// @return what it carries
  /// @throws AssertionError when it does not come
  public Payload assertPush(String event) {
    return expect(event, null).payload();
  }

  /// Waits for an event with a certain payload to reach the client (`assert_push/3`).
  ///
  /// @param event the event
  /// @param pattern what its payload must fit
  /// @return what it carries
  /// @throws AssertionError when it does not come
  public Payload assertPush(String event, Object pattern) {
    return expect(event, Matching.payload(pattern)).payload();
  }

  private Received expect(String event, @Nullable Payload pattern) {
    return socket.expect(topic + " to push \"" + event + "\"", isPush(event), event, pattern);
  }

  /// Makes sure that an event does not reach the client (`refute_push/3`).
  ///
  /// @param event the event
  /// @throws AssertionError when it does
  public void refutePush(String event) {
    socket.refute(topic + " not to push \"" + event + "\"", isPush(event));
  }

  /// Makes sure that no event with such a payload reaches the client.
  ///
  /// @param event the event
  /// @param pattern what must not come
  /// @throws AssertionError when it does
  public void refutePush(String event, Object pattern) {
    Payload unwanted = Matching.payload(pattern);
    socket.refute(
        topic + " not to push \"" + event + "\" " + unwanted,
        isPush(event).and(each -> Matching.fits(unwanted, each.payload())));
  }

  private Predicate<Received> isPush(String event) {
    return each ->
        each.kind() != Received.Kind.REPLY
            && each.topic().equals(topic)
            && each.event().equals(event);
  }

  /// Waits for an event to be broadcast to the topic, intercepted or not.
  ///
  /// @param event the event
  /// @return what it carries
  /// @throws AssertionError when it is not
  public Payload assertBroadcast(String event) {
    return expectBroadcast(event, null);
  }

  /// Waits for an event with a certain payload to be broadcast to the topic (`assert_broadcast/3`).
  ///
  /// @param event the event
  /// @param pattern what its payload must fit
  /// @return what it carries
  /// @throws AssertionError when it is not
  public Payload assertBroadcast(String event, Object pattern) {
    return expectBroadcast(event, Matching.payload(pattern));
  }

  private Payload expectBroadcast(String event, @Nullable Payload pattern) {
    Received found =
        broadcasts.take(
            each ->
                each.event().equals(event)
                    && (pattern == null || Matching.fits(pattern, each.payload())),
            socket.patience());
    if (found == null) {
      throw socket.failure(
          "\"" + event + "\" to be broadcast on " + topic,
          socket.patience(),
          event,
          pattern,
          broadcasts.all());
    }
    return found.payload();
  }

  /// Makes sure that an event is not broadcast to the topic (`refute_broadcast/3`).
  ///
  /// @param event the event
  /// @throws AssertionError when it is
  public void refuteBroadcast(String event) {
    Received found = broadcasts.find(each -> each.event().equals(event), socket.refusal());
    if (found != null) {
      throw new AssertionError(
          "expected no broadcast of \"%s\" within %s, got %s"
              .formatted(event, socket.refusal(), found));
    }
  }

  /// Waits for the channel to end in order: the client left, or the channel stopped.
  ///
  /// @throws AssertionError when it goes on, or crashed
  public void assertClosed() {
    var _ = expect("phx_close", null);
  }

  /// Waits for the channel to crash.
  ///
  /// @throws AssertionError when it goes on, or ended in order
  public void assertCrashed() {
    var _ = expect("phx_error", null);
  }

  private final class Listener implements Behavior<Broadcast> {
    @Override
    public void onMessage(Self<Broadcast> self, Broadcast message) {
      broadcasts.add(
          new Received(
              Received.Kind.BROADCAST,
              null,
              null,
              message.topic(),
              message.event(),
              null,
              message.payload()));
    }
  }
}
