package dev.athanor.otp.channels;

import dev.athanor.otp.channels.pubsub.Broadcast;
import dev.athanor.otp.channels.pubsub.Delivery;
import dev.athanor.otp.channels.pubsub.Fastlane;
import dev.athanor.otp.channels.pubsub.Subscription;
import dev.athanor.otp.channels.transport.CloseCode;
import dev.athanor.otp.channels.transport.Transport;
import dev.athanor.otp.channels.wire.BadFrame;
import dev.athanor.otp.channels.wire.Message;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.SpawnOptions;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One connection: routes its messages to its channels and writes what they say.
///
/// Confined to its event loop, like everything that calls it. As in Phoenix a join is answered
/// before the next message is looked at, so the connection is paused until the first turn of the
/// new channel is over; a join that is decided later holds up nobody but its own channel, whose
/// messages wait in it.
@SuppressWarnings("ReferenceEquality") // channels are compared by identity
final class Session implements Transport.Listener, Fastlane {
  private static final Payload UNMATCHED = Payload.of(Map.of("reason", "unmatched topic"));
  private static final Payload TOO_MANY = Payload.of(Map.of("reason", "too many channels joined"));
  private static final Payload JOIN_CRASHED = Payload.of(Map.of("reason", "join crashed"));
  private static final Payload CRASHED = Payload.of(Map.of("reason", "channel_crash"));
  private static final ExitReason CLOSED = ExitReason.shutdown("closed");
  private static final ExitReason DUPLICATE = ExitReason.shutdown("duplicate_join");
  private static final int OVERHEAD = 48;

  final Endpoint endpoint;
  final Crew crew;
  final Socket socket;

  /// The place in the crew's list.
  int place;

  /// Whether something was written that is not flushed yet.
  boolean dirty;

  /// What all that waits for the answer to a join weighs.
  int waitingBytes;

  private final FrameEncoder encoder;
  private @Nullable Transport transport;
  private @Nullable ChannelProcess channels;
  private @Nullable Subscription byId;
  private int joined;
  private int messages;
  private long window;
  private byte silentScans;
  private boolean closed;

  Session(Endpoint endpoint, Crew crew, FrameEncoder encoder, Socket socket) {
    this.endpoint = endpoint;
    this.crew = crew;
    this.encoder = encoder;
    this.socket = socket;
  }

  void opened(Transport connection) {
    transport = connection;
    crew.add(this);
    if (socket.id() != null) {
      byId = endpoint.pubSub().subscribe(socket.id(), crew.lane, this, null);
    }
  }

  private Transport connection() {
    return Objects.requireNonNull(transport);
  }

  // ---- what the client sends
  // ---------------------------------------------------------------------

  @Override
  public void onMessage(byte[] bytes, boolean binary) {
    crew.messagesIn++;
    if (countsTooMuch()) {
      return;
    }
    Message message;
    try {
      message = decode(bytes, binary);
    } catch (BadFrame bad) {
      endpoint.reports.badFrame(this, bad);
      throw bad;
    }
    route(message);
  }

  @Override
  public void onFragment() {
    if (!closed) {
      countsTooMuch();
    }
  }

  private boolean countsTooMuch() {
    if (++messages <= endpoint.limits().maxMessagesPerSecond() || newWindow()) {
      return false;
    }
    endpoint.reports.event("athanor.socket.rate_limited", this);
    close(CloseCode.POLICY);
    return true;
  }

  private Message decode(byte[] bytes, boolean binary) {
    return binary ? encoder.serializer.decodeBinary(bytes) : encoder.serializer.decodeText(bytes);
  }

  /// Only asked when the count runs over, so that the clock is read once in a while.
  private boolean newWindow() {
    long now = endpoint.node().scheduler().nanoTime();
    boolean fresh = now - window >= 1_000_000_000L;
    if (fresh) {
      window = now;
      messages = 1;
    }
    return fresh;
  }

  private void route(Message message) {
    String topic = message.topic();
    if (topic.equals("phoenix") && message.event().equals("heartbeat")) {
      reply(null, message.ref(), topic, "ok", Payload.EMPTY);
      return;
    }
    ChannelProcess channel = find(topic);
    boolean leave = message.event().equals("phx_leave");
    if (message.event().equals("phx_join")) {
      if (channel == null) {
        join(message, null);
      } else {
        channel.successor = message;
        connection().pause();
        endpoint.node().exit(channel.pid(), DUPLICATE);
      }
    } else if (channel != null) {
      if (leave ? channel.isLeftBy(message) : channel.isMeant(message)) {
        channel.pid().send(message);
      }
    } else if (leave) {
      reply(message.joinRef(), message.ref(), topic, "ok", Payload.EMPTY);
    } else {
      ignore(message);
    }
  }

  /// Answers what no channel takes.
  void ignore(Message message) {
    reply(null, message.ref(), message.topic(), "error", UNMATCHED);
  }

  @Nullable ChannelProcess find(String topic) {
    ChannelProcess channel = channels;
    while (channel != null && !channel.topic.equals(topic)) {
      channel = channel.next;
    }
    return channel;
  }

  // ---- the life of channels
  // ----------------------------------------------------------------------

  private void join(Message message, @Nullable ChannelProcess predecessor) {
    Supplier<? extends Channel> factory = endpoint.routes().find(message.topic());
    if (factory == null) {
      ignore(message);
    } else if (joined >= endpoint.limits().maxChannels()) {
      reply(message.joinRef(), message.ref(), message.topic(), "error", TOO_MANY);
    } else {
      ChannelProcess channel = new ChannelProcess(this, factory, message);
      if (predecessor != null) {
        channel.succeeds = true;
        channel.predecessorRef = predecessor.joinRef;
      }
      channel.next = channels;
      channels = channel;
      joined++;
      crew.channels++;
      connection().pause();
      Node node = endpoint.node();
      Pid<Object> pid = node.spawn(channel, SpawnOptions.on(crew.lane));
      node.own(pid, channel);
      channel.born(pid);
      return;
    }
    if (predecessor != null) {
      connection().resume();
    }
  }

  void joined(ChannelProcess channel, Payload response) {
    reply(channel.joinRef, channel.ref, channel.topic, "ok", response);
    endpoint.reports.event("athanor.channel.joined", this, channel.topic);
  }

  void refused(ChannelProcess channel, Payload response) {
    reply(channel.joinRef, channel.ref, channel.topic, "error", response);
    endpoint.reports.event("athanor.channel.refused", this, channel.topic);
  }

  /// The join is answered, crashed, or to be answered later: go on reading, in a turn of its own.
  void firstTurnOver(ChannelProcess channel) {
    if (channel.blocksSession) {
      channel.blocksSession = false;
      crew.lane.execute(
          () -> {
            try {
              if (channel.succeeds) {
                end(channel.predecessorRef, channel.topic, "phx_close", Payload.EMPTY);
              }
            } finally {
              connection().resume();
            }
          });
    }
  }

  void ended(ChannelProcess channel, ExitReason reason) {
    remove(channel);
    if (closed) {
      return;
    }
    Message successor = channel.successor;
    if (successor != null) {
      join(successor, channel);
      return;
    }
    switch (channel.stage) {
      case JOINING -> {
        reply(channel.joinRef, channel.ref, channel.topic, "error", JOIN_CRASHED);
        endpoint.reports.event("athanor.channel.join_crashed", this, channel.topic);
        firstTurnOver(channel);
      }
      case REFUSED -> firstTurnOver(channel);
      case JOINED, LEAVING -> {
        boolean orderly = reason.isOrderly();
        end(
            channel.joinRef,
            channel.topic,
            orderly ? "phx_close" : "phx_error",
            orderly ? Payload.EMPTY : CRASHED);
        endpoint.reports.event(
            orderly ? "athanor.channel.left" : "athanor.channel.crashed", this, channel.topic);
      }
    }
  }

  private void end(@Nullable String joinRef, String topic, String event, Payload payload) {
    push(joinRef, joinRef, topic, event, payload);
  }

  private void remove(ChannelProcess gone) {
    ChannelProcess before = null;
    for (ChannelProcess channel = channels; channel != null; channel = channel.next) {
      if (channel == gone) {
        if (before == null) {
          channels = channel.next;
        } else {
          before.next = channel.next;
        }
        joined--;
        crew.channelEnded();
        return;
      }
      before = channel;
    }
  }

  void forEachChannel(Consumer<ChannelProcess> action) {
    for (ChannelProcess channel = channels; channel != null; channel = channel.next) {
      action.accept(channel);
    }
  }

  // ---- what is written
  // ---------------------------------------------------------------------------

  void reply(
      @Nullable String joinRef,
      @Nullable String ref,
      String topic,
      String status,
      Payload response) {
    if (closed) {
      return;
    }
    ByteBuf frame = begin(topic, response);
    boolean whole = false;
    try {
      boolean binary = encoder.serializer.reply(frame, joinRef, ref, topic, status, response);
      encoder.finish(frame, binary);
      whole = true;
      write(frame);
    } finally {
      if (!whole) {
        frame.release();
      }
    }
  }

  void push(
      @Nullable String joinRef, @Nullable String ref, String topic, String event, Payload payload) {
    if (closed) {
      return;
    }
    ByteBuf frame = begin(topic, payload);
    boolean whole = false;
    try {
      boolean binary = encoder.serializer.push(frame, joinRef, ref, topic, event, payload);
      encoder.finish(frame, binary);
      whole = true;
      write(frame);
    } finally {
      if (!whole) {
        frame.release();
      }
    }
  }

  private ByteBuf begin(String topic, Payload payload) {
    return encoder.begin(OVERHEAD + topic.length() + payload.size());
  }

  /// Writes a broadcast for this connection alone, with its number unless that is 0.
  void broadcast(Broadcast message, long offset) {
    if (closed) {
      return;
    }
    try {
      write(encoder.numbered.encode(message, offset));
    } catch (IllegalArgumentException unfit) {
      endpoint.reports.event("athanor.socket.unencodable", this);
    }
  }

  /// Writes a reply that comes from elsewhere, where nobody could do anything about its failure.
  void replyLate(
      @Nullable String joinRef,
      @Nullable String ref,
      String topic,
      String status,
      Payload response) {
    try {
      reply(joinRef, ref, topic, status, response);
    } catch (IllegalArgumentException unfit) {
      endpoint.reports.event("athanor.socket.unencodable", this);
    }
  }

  /// Writes a broadcast that was encoded for everybody.
  @Override
  public void deliver(Delivery delivery) {
    if (closed) {
      return;
    }
    if (delivery.message() instanceof Broadcast broadcast
        && broadcast.topic().equals(socket.id())) {
      if (broadcast.event().equals("disconnect")) {
        close(CloseCode.GOING_AWAY);
      }
      return;
    }
    deliver(delivery, encoder);
  }

  /// Writes a broadcast that was encoded for all who want to know its number.
  void deliverNumbered(Delivery delivery) {
    if (!closed) {
      deliver(delivery, encoder.numbered);
    }
  }

  private void deliver(Delivery delivery, FrameEncoder shared) {
    try {
      ByteBuf frame = delivery.encoded(shared);
      if (!dirty && crew.isAlone(delivery)) {
        crew.messagesOut++;
        connection().share(frame);
      } else {
        write(frame.retainedDuplicate());
      }
    } catch (IllegalArgumentException unfit) {
      endpoint.reports.event("athanor.socket.unencodable", this);
    }
  }

  private void write(ByteBuf frame) {
    crew.messagesOut++;
    connection().write(frame);
    crew.flushLater(this);
  }

  void flush() {
    dirty = false;
    connection().flush();
  }

  // ---- the end
  // -----------------------------------------------------------------------------------

  void close(int code) {
    connection().close(code);
  }

  /// Looks whether the client has been silent, and whether joins are decided; called four times
  /// within the idle timeout.
  void scan() {
    for (ChannelProcess channel = channels; channel != null; channel = channel.next) {
      channel.scan();
    }
    Transport connection = connection();
    if (connection.takeHeard()) {
      silentScans = 0;
    } else if (++silentScans >= 4) {
      endpoint.reports.event("athanor.socket.idle", this);
      connection.close(CloseCode.PROTOCOL_ERROR);
      connection.abort();
    }
  }

  @Override
  public void onClosed(int code) {
    closed = true;
    crew.remove(this);
    if (byId != null) {
      byId.cancel();
    }
    for (ChannelProcess channel = channels; channel != null; channel = channel.next) {
      channel.unsubscribe();
      endpoint.node().exit(channel.pid(), CLOSED);
    }
    endpoint.reports.disconnected(this, code);
  }

  @Override
  public void onOverflow(long waiting) {
    endpoint.reports.overflowed(this, waiting);
  }
}
