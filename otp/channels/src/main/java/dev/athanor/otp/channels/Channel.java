package dev.athanor.otp.channels;

import dev.athanor.otp.channels.presence.Presence;
import dev.athanor.otp.channels.pubsub.Broadcast;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.TimerRef;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// One client's conversation about one topic (`Phoenix.Channel`): a process of its own, made when
/// the client joins and gone when it leaves, with its state in the fields of the subclass.
///
/// All callbacks run one at a time on the connection's event loop and must not block; [#await] and
/// the `later` results are for what takes time. A callback that throws ends this channel: its
/// client receives `phx_error` and joins again by itself, the socket and its other channels live
/// on. The methods that are not callbacks may be called in callbacks only, unless they say
/// otherwise; elsewhere they throw [IllegalStateException].
public abstract class Channel {
  private @Nullable ChannelProcess process;

  /// For subclasses; the client is not known yet.
  protected Channel() {}

  final void enter(ChannelProcess owner) {
    process = owner;
  }

  // ---- callbacks
  // ---------------------------------------------------------------------------------

  /// A client wants to join (`join/3`). The channel is subscribed to the topic already: what is
  /// broadcast from now on reaches the client, after the answer to the join.
  ///
  /// @param topic the topic
  /// @param params what the client sent along
  /// @return whether it may, and what it is told
  /// @throws Exception refuses the join with `join crashed`
  protected abstract JoinResult onJoin(String topic, Payload params) throws Exception;

  /// The client sent a message (`handle_in/3`). By default a crash, as every event must be known.
  ///
  /// @param event the event
  /// @param payload what it carries
  /// @return the answer
  /// @throws Exception ends the channel
  protected Answer handleIn(String event, Payload payload) throws Exception {
    throw new IllegalArgumentException(
        "expected an event that " + getClass().getName() + " handles, got '" + event + "'");
  }

  /// Which broadcast events pass through [#handleOut] instead of going straight to the client
  /// (`intercept/1`). Asked once, before the join; none by default.
  ///
  /// @return the events
  protected Set<String> intercepts() {
    return Set.of();
  }

  /// An intercepted event is on its way to the client (`handle_out/3`); by default it is pushed as
  /// it is.
  ///
  /// @param event the event
  /// @param payload what it carries
  /// @throws Exception ends the channel
  protected void handleOut(String event, Payload payload) throws Exception {
    push(event, payload);
  }

  /// A message of another process, or of a timer (`handle_info/2`); ignored by default.
  ///
  /// @param message the message
  /// @throws Exception ends the channel
  protected void handleInfo(Object message) throws Exception {}

  /// The last callback of a channel that joined (`terminate/2`), unless it was killed.
  ///
  /// @param reason `{shutdown, left}` when the client left, `{shutdown, closed}` when the
  ///   connection ended, or whatever else ended it
  protected void terminate(ExitReason reason) {}

  // ---- what callbacks may use
  // --------------------------------------------------------------------

  /// The topic joined.
  ///
  /// @return the topic; from any thread
  protected final String topic() {
    return owner().topic;
  }

  /// The connection.
  ///
  /// @return what was decided when it was opened; from any thread
  protected final Socket socket() {
    return owner().session.socket;
  }

  /// This process, for others to send to; a message arrives in [#handleInfo].
  ///
  /// @return the pid; from any thread
  protected final Pid<Object> pid() {
    return owner().pid();
  }

  /// The node this runs on.
  ///
  /// @return the node; from any thread
  protected final Node node() {
    return owner().pid().node();
  }

  /// Sends an event to this client alone (`push/3`).
  ///
  /// @param event the event
  /// @param payload what it carries
  protected final void push(String event, Payload payload) {
    inside().push(event, payload);
  }

  /// Sends an event to everybody who joined the topic, this client included (`broadcast/3`).
  ///
  /// @param event the event
  /// @param payload what it carries
  protected final void broadcast(String event, Payload payload) {
    ChannelProcess self = inside();
    self.pubSub().broadcast(self.topic, new Broadcast(self.topic, event, payload));
  }

  /// Sends an event to everybody else who joined the topic (`broadcast_from/3`).
  ///
  /// @param event the event
  /// @param payload what it carries
  protected final void broadcastFrom(String event, Payload payload) {
    ChannelProcess self = inside();
    self.pubSub().broadcastFrom(self.pid(), self.topic, new Broadcast(self.topic, event, payload));
  }

  /// Tells everybody on this topic, by a presence, that somebody is there, for as long as this
  /// channel lives; then pushes `presence_state` to this client. In [#onJoin] or later; the answer
  /// to the join waits for nothing. When the tracker does not run, this channel ends, and its
  /// client joins again.
  ///
  /// @param presence which presence
  /// @param key who, a name or number of a reader for instance
  /// @param meta what is said of it, a JSON object
  /// @throws IllegalArgumentException when the meta is no JSON object or the key no Unicode
  protected final void track(Presence presence, String key, Payload meta) {
    ChannelProcess self = inside();
    Pid<Object> pid = self.pid();
    presence
        .join(pid, self.topic, key, meta)
        .whenComplete(
            (state, failure) -> pid.send(new ChannelProcess.PresenceAnswer(state, failure)));
  }

  /// Whether this client comes back and receives all it has missed, right after the answer to its
  /// join, so that [#onJoin] need not answer with the state of things. Topics are kept by
  /// [dev.athanor.otp.channels.pubsub.PubSub#keep].
  ///
  /// @return false for a client that did not ask, or missed more than is kept
  protected final boolean recovered() {
    return inside().recovered();
  }

  /// Where a reply to the message being handled belongs (`socket_ref/1`), for a reply after
  /// [Answer#none].
  ///
  /// @return the reference, usable from any thread
  /// @throws IllegalStateException outside [#handleIn], in what it awaits for instance
  protected final ReplyRef replyRef() {
    return inside().replyRef();
  }

  /// Goes on with a callback when something asynchronous has an outcome.
  ///
  /// @param stage what to wait for; other messages are handled meanwhile
  /// @param continuation takes the value or the failure, as a callback of this channel; what it
  ///   throws ends the channel
  /// @param <T> the type of the value
  protected final <T extends @Nullable Object> void await(
      CompletionStage<T> stage,
      BiConsumer<? super @Nullable T, ? super @Nullable Throwable> continuation) {
    inside().self().await(stage, continuation);
  }

  /// Sends this channel a message later, for [#handleInfo].
  ///
  /// @param delay when
  /// @param message the message
  /// @return the timer
  protected final TimerRef sendAfter(Duration delay, Object message) {
    ChannelProcess self = inside();
    return self.self().sendAfter(delay, self.pid(), message);
  }

  /// Calls a timer off.
  ///
  /// @param timer the timer
  /// @return whether it was still pending
  protected final boolean cancel(TimerRef timer) {
    return inside().self().cancel(timer);
  }

  /// Ends this channel after the callback: an orderly reason closes it, any other is an error to
  /// the client.
  ///
  /// @param reason why
  protected final void stop(ExitReason reason) {
    inside().exit(reason);
  }

  private ChannelProcess owner() {
    ChannelProcess owner = process;
    if (owner == null) {
      throw new IllegalStateException(
          "expected a channel a client has joined; " + getClass().getName() + " is a mere object");
    }
    return owner;
  }

  private ChannelProcess inside() {
    ChannelProcess owner = owner();
    if (!owner.pid().equals(Node.current())) {
      throw new IllegalStateException(
          "expected to be called in a callback of the channel "
              + owner.topic
              + "; send it a message instead");
    }
    return owner;
  }
}
