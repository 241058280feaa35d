package dev.athanor.domain.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.domain.outbox.Shards;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerSelf;
import java.io.IOException;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Publishes for all relays of a node, on a virtual thread: one connection, one channel in confirm
/// mode, events sent one after the other without waiting. Each caller is answered when the broker
/// has confirmed his event: true, or false when it is not known to be there. Confirms come for many
/// at a time.
///
/// Every connection is an *epoch*. An event is sent only in the epoch its lane was opened in, so
/// that what stands in the mailbox behind an event that was lost is refused, not sent before its
/// time.
///
/// A broker that is short of memory or disk says that it is *blocked*, and stops reading. Then
/// nothing is known to be there, and nothing is sent, until it says that it reads again. Should the
/// process be stuck writing before it hears that, the first lane that waits in vain cuts the
/// connection ([Epoch#abandon]).
final class RabbitPublisher implements GenServer<RabbitPublisher.Signal, RabbitPublisher.Phase> {
  static final String NAME = "domain.events-publisher";

  private static final Logger LOG = Logger.getLogger(RabbitPublisher.class);

  private final Topology topology;
  private final Epoch epoch;
  private final RabbitLink link;
  private final TreeMap<Long, Waiting> unconfirmed = new TreeMap<>();
  private final Set<String> returned = new HashSet<>();
  private @Nullable ServerSelf<Signal> self;
  private @Nullable Channel channel;

  /// @param epoch what lanes read when they open
  RabbitPublisher(Topology topology, Epoch epoch) {
    this.topology = topology;
    this.epoch = epoch;
    this.link = new RabbitLink(topology, "publishing");
  }

  private record Waiting(String id, From<?> from) {}

  /// Whether there is a connection, and whether the broker reads from it.
  enum Phase {
    CONNECTING,
    CONNECTED,
    BLOCKED
  }

  /// What the publisher hears.
  sealed interface Signal {
    /// It is time to connect.
    enum Plain implements Signal {
      CONNECT
    }

    /// An event is to be published; the answer is whether the broker has it for certain.
    record Publish(DomainEvent event, long epoch) implements Signal, Request<Boolean> {}

    /// The broker has confirmed or refused.
    record Confirmed(Channel on, long tag, boolean multiple, boolean ok) implements Signal {}

    /// No queue wanted an event.
    record Returned(Channel on, String id) implements Signal {}

    /// The broker reads no more, for a reason; or (null) reads again.
    record Blocked(Channel on, @Nullable String reason) implements Signal {}

    /// A connection is gone.
    record Lost(Channel on) implements Signal {}
  }

  @Override
  public InitResult<Phase> init(ServerSelf<Signal> itself) {
    self = itself;
    itself.trapExit(true);
    epoch.begin(link);
    GenServer.cast(itself.pid(), Signal.Plain.CONNECT);
    return InitResult.ok(Phase.CONNECTING);
  }

  @Override
  public Next<Phase> handleInfo(Info info, Phase phase) {
    return switch (info) {
      case Info.Message(Signal signal) -> handleCast(signal, phase);
      case Info.Message _, Info.Exit _, Info.Down _, Info.Timeout _ -> Next.noReply(phase);
    };
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // is it about this channel, or about one that is gone
  public Next<Phase> handleCast(Signal signal, Phase phase) {
    return Next.noReply(
        switch (signal) {
          case Signal.Plain _ -> phase == Phase.CONNECTING ? connect() : phase;
          case Signal.Publish unheard ->
              throw new IllegalArgumentException("A call, not a cast: " + unheard);
          case Signal.Confirmed confirmed -> {
            if (confirmed.on() == channel) {
              confirmed(confirmed);
            }
            yield phase;
          }
          case Signal.Returned(var on, var id) -> {
            if (on == channel) {
              LOG.warnf("no queue took the event %s; it is sent again", id);
              returned.add(id);
            }
            yield phase;
          }
          case Signal.Blocked(var on, var reason) -> on == channel ? blocked(reason) : phase;
          case Signal.Lost(var on) -> on == channel ? lost() : phase;
        });
  }

  @Override
  public Next<Phase> handleCall(Signal request, From<?> from, Phase phase) {
    if (!(request instanceof Signal.Publish(var event, var wanted))) {
      throw new IllegalArgumentException("A cast, not a call: " + request);
    }
    Channel open = channel;
    if (open == null || phase != Phase.CONNECTED || wanted != epoch.now()) {
      answer(from, false);
      return Next.noReply(phase);
    }
    try {
      long tag = open.getNextPublishSeqNo();
      unconfirmed.put(tag, new Waiting(event.id().toString(), from));
      open.basicPublish(
          Topology.EVENTS,
          Integer.toString(Shards.of(event.key())),
          true,
          EventMessage.properties(event),
          EventMessage.body(event));
      return Next.noReply(phase);
    } catch (IOException | AlreadyClosedException e) {
      return Next.noReply(lost());
    }
  }

  @Override
  public void terminate(ExitReason reason, Phase phase) {
    close();
  }

  private Phase connect() {
    ServerSelf<Signal> me = Objects.requireNonNull(self, "the publisher has started");
    try {
      Connection opened = link.open(me);
      topology.declareShared(opened);
      Channel made = opened.createChannel();
      made.addShutdownListener(_ -> GenServer.cast(me.pid(), new Signal.Lost(made)));
      opened.addBlockedListener(
          reason -> GenServer.cast(me.pid(), new Signal.Blocked(made, reason)),
          () -> GenServer.cast(me.pid(), new Signal.Blocked(made, null)));
      made.confirmSelect();
      made.addConfirmListener(
          (tag, multiple) ->
              GenServer.cast(me.pid(), new Signal.Confirmed(made, tag, multiple, true)),
          (tag, multiple) ->
              GenServer.cast(me.pid(), new Signal.Confirmed(made, tag, multiple, false)));
      made.addReturnListener(
          back ->
              GenServer.cast(
                  me.pid(),
                  new Signal.Returned(made, String.valueOf(back.getProperties().getMessageId()))));
      channel = made;
      // What came before was refused: the lanes it came on must not go on behind it.
      epoch.end();
      link.stands();
      return Phase.CONNECTED;
    } catch (IOException | TimeoutException | AlreadyClosedException e) {
      link.failed(e);
      return lost();
    }
  }

  /// Nobody knows what became of the rest.
  private Phase lost() {
    ServerSelf<Signal> me = Objects.requireNonNull(self, "the publisher has started");
    close();
    forget();
    me.sendAfter(link.pause(), me.pid(), Signal.Plain.CONNECT);
    return Phase.CONNECTING;
  }

  private Phase blocked(@Nullable String reason) {
    if (reason == null) {
      LOG.info("RabbitMQ takes events again");
      epoch.end();
      return Phase.CONNECTED;
    }
    LOG.warnf("RabbitMQ takes no events: %s", reason);
    forget();
    return Phase.BLOCKED;
  }

  /// Nobody knows what became of what was sent and not confirmed.
  private void forget() {
    epoch.end();
    unconfirmed.values().forEach(waiting -> answer(waiting.from(), false));
    unconfirmed.clear();
    returned.clear();
  }

  private void close() {
    channel = null;
    link.close();
  }

  private void confirmed(Signal.Confirmed confirmed) {
    if (confirmed.multiple()) {
      var all = unconfirmed.headMap(confirmed.tag(), true);
      all.values().forEach(waiting -> settle(waiting, confirmed.ok()));
      all.clear();
    } else {
      Waiting waiting = unconfirmed.remove(confirmed.tag());
      if (waiting != null) {
        settle(waiting, confirmed.ok());
      }
    }
  }

  private void settle(Waiting waiting, boolean ok) {
    boolean kept = !returned.remove(waiting.id());
    if (!ok || !kept) {
      // Lanes that are open now must not go on behind it.
      epoch.end();
    }
    answer(waiting.from(), ok && kept);
  }

  @SuppressWarnings("unchecked")
  private static void answer(From<?> from, boolean ok) {
    ((From<Boolean>) from).reply(ok);
  }
}
