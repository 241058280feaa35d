package dev.athanor.domain.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.domain.outbox.Shards;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Owned;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerSelf;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
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
final class RabbitPublisher implements GenServer<RabbitPublisher.Signal, RabbitPublisher.Phase> {
  static final String NAME = "domain.events-publisher";

  private static final Logger LOG = Logger.getLogger(RabbitPublisher.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Topology topology;
  private final AtomicLong epoch;
  private final TreeMap<Long, Waiting> unconfirmed = new TreeMap<>();
  private final Set<String> returned = new HashSet<>();
  private @Nullable ServerSelf<Signal> self;
  private @Nullable Connection connection;
  private @Nullable Channel channel;

  /// Whether the failure of the attempts to connect was logged.
  private boolean told;

  /// @param epoch what lanes read when they open; moved by this process alone
  RabbitPublisher(Topology topology, AtomicLong epoch) {
    this.topology = topology;
    this.epoch = epoch;
  }

  private record Waiting(String id, From<?> from) {}

  /// Whether there is a connection.
  enum Phase {
    CONNECTING,
    CONNECTED
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

    /// A connection is gone.
    record Lost(Channel on) implements Signal {}
  }

  @Override
  public InitResult<Phase> init(ServerSelf<Signal> itself) {
    self = itself;
    itself.trapExit(true);
    epoch.incrementAndGet();
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
          case Signal.Plain _ -> phase == Phase.CONNECTED ? phase : connect();
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
          case Signal.Lost(var on) -> on == channel ? lost() : phase;
        });
  }

  @Override
  public Next<Phase> handleCall(Signal request, From<?> from, Phase phase) {
    if (!(request instanceof Signal.Publish(var event, var wanted))) {
      throw new IllegalArgumentException("A cast, not a call: " + request);
    }
    Channel open = channel;
    if (open == null || wanted != epoch.get()) {
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
      Connection opened = topology.connect("athanor publisher");
      Owned property = (_, _) -> Links.abort(opened);
      if (!me.node().own(me.pid(), property)) {
        Links.abort(opened);
        return Phase.CONNECTING;
      }
      connection = opened;
      Channel made = opened.createChannel();
      made.addShutdownListener(_ -> GenServer.cast(me.pid(), new Signal.Lost(made)));
      topology.declareShared(made);
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
      told = false;
      LOG.debug("publishing to RabbitMQ");
      return Phase.CONNECTED;
    } catch (IOException | TimeoutException | AlreadyClosedException e) {
      LOG.logf(
          told ? Logger.Level.DEBUG : Logger.Level.WARN,
          "RabbitMQ cannot be reached for publishing: %s",
          Links.reason(e));
      told = true;
      return lost();
    }
  }

  /// Nobody knows what became of the rest; a new epoch begins with the next connection.
  private Phase lost() {
    ServerSelf<Signal> me = Objects.requireNonNull(self, "the publisher has started");
    epoch.incrementAndGet();
    close();
    unconfirmed.values().forEach(waiting -> answer(waiting.from(), false));
    unconfirmed.clear();
    returned.clear();
    me.sendAfter(PAUSE, me.pid(), Signal.Plain.CONNECT);
    return Phase.CONNECTING;
  }

  private void close() {
    Connection open = connection;
    connection = null;
    channel = null;
    if (open != null) {
      Links.abort(open);
    }
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
      epoch.incrementAndGet();
    }
    answer(waiting.from(), ok && kept);
  }

  @SuppressWarnings("unchecked")
  private static void answer(From<?> from, boolean ok) {
    ((From<Boolean>) from).reply(ok);
  }
}
