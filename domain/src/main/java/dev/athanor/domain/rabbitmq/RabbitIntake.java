package dev.athanor.domain.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import dev.athanor.domain.outbox.Broker;
import dev.athanor.domain.outbox.Shards;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerSelf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Takes this node's share of the events from its queues and hands them to [Arrivals], on a virtual
/// thread. Each queue has a channel with a limit of events under way; an event is acknowledged once
/// its fate is certain, and goes to the dead letters first when it is dead.
///
/// To pause is to close the channels: what was under way goes on here and comes again elsewhere, in
/// the same order, where it finds its effect done. A lost connection is made anew ([RabbitLink]).
final class RabbitIntake implements GenServer<RabbitIntake.Signal, RabbitIntake.Phase> {
  static final String NAME = "domain.events-intake";

  private static final Logger LOG = Logger.getLogger(RabbitIntake.class);
  private static final long CONFIRM_MILLIS = 5_000;

  private final Topology topology;
  private final Arrivals arrivals;
  private final @Nullable String ownQueue;
  private final RabbitLink link;
  private final Map<String, Channel> taking = new LinkedHashMap<>();
  private @Nullable ServerSelf<Signal> self;
  private @Nullable Connection connection;
  private @Nullable Channel service;
  private boolean connectPlanned;

  /// No queue took what was published last; set by the connection's thread before the confirm.
  private volatile boolean returned;

  /// @param ownQueue the queue of a node that hears everything; null for the queues that share work
  RabbitIntake(Topology topology, Arrivals arrivals, @Nullable String ownQueue) {
    this.topology = topology;
    this.arrivals = arrivals;
    this.ownQueue = ownQueue;
    this.link = new RabbitLink(topology, "taking events");
  }

  /// Whether there is a connection.
  enum Phase {
    CONNECTING,
    CONNECTED
  }

  /// What the intake hears.
  sealed interface Signal {
    /// It is time to connect; or the valve has turned.
    enum Plain implements Signal {
      CONNECT,
      TURNED
    }

    /// The fate of an event is certain.
    record Settled(Taken taken, Broker.Fate fate) implements Signal {}

    /// A channel is gone.
    record Lost(Channel on) implements Signal {}

    /// Another node ought to take from this shard: this one stands at the end of the line again.
    record Yield(int shard) implements Signal {}

    /// What waits in the queues?
    record Depths() implements Signal, Request<List<Broker.Depth>> {}

    /// What was put aside? Null: the broker does not tell.
    record Dead(int limit) implements Signal, Request<@Nullable List<Broker.DeadLetter>> {}

    /// Let what was put aside come again; how much of it did. Null: the broker does not answer.
    record Replay(int limit) implements Signal, Request<@Nullable Integer> {}
  }

  /// A message that was taken from a queue and not acknowledged yet.
  record Taken(Channel from, String queue, Delivery message) {
    long tag() {
      return message.getEnvelope().getDeliveryTag();
    }

    BasicProperties properties() {
      return message.getProperties();
    }

    byte[] body() {
      return message.getBody();
    }
  }

  @Override
  public InitResult<Phase> init(ServerSelf<Signal> itself) {
    self = itself;
    itself.trapExit(true);
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
  public Next<Phase> handleCast(Signal signal, Phase phase) {
    try {
      return Next.noReply(
          switch (signal) {
            case Signal.Plain plain ->
                switch (plain) {
                  case CONNECT -> {
                    connectPlanned = false;
                    yield phase == Phase.CONNECTED ? phase : connect();
                  }
                  case TURNED -> turned(phase);
                };
            case Signal.Settled(var taken, var fate) -> {
              settle(taken, fate);
              yield phase;
            }
            case Signal.Lost(var on) ->
                on.equals(service) || taking.containsValue(on) ? lost() : phase;
            case Signal.Yield(var shard) -> {
              yieldShard(shard);
              yield phase;
            }
            case Signal.Depths _, Signal.Dead _, Signal.Replay _ ->
                throw new IllegalArgumentException("A call, not a cast: " + signal);
          });
    } catch (IOException | TimeoutException | InterruptedException | AlreadyClosedException e) {
      link.failed(e);
      return Next.noReply(lost());
    }
  }

  @Override
  public Next<Phase> handleCall(Signal request, From<?> from, Phase phase) {
    if (phase == Phase.CONNECTING) {
      unknown(request, from);
      return Next.noReply(phase);
    }
    try {
      switch (request) {
        case Signal.Depths _ -> reply(from, depths());
        case Signal.Dead(int limit) -> reply(from, dead(limit));
        case Signal.Replay(int limit) -> reply(from, replay(limit));
        case Signal.Plain _, Signal.Settled _, Signal.Lost _, Signal.Yield _ ->
            throw new IllegalArgumentException("A cast, not a call: " + request);
      }
      return Next.noReply(phase);
    } catch (IOException | TimeoutException | InterruptedException | AlreadyClosedException e) {
      LOG.warnf("RabbitMQ did not answer: %s", RabbitLink.reason(e));
      unknown(request, from);
      return Next.noReply(lost());
    }
  }

  private void unknown(Signal request, From<?> from) {
    reply(
        from,
        request instanceof Signal.Depths
            ? Stream.concat(queues().stream(), Stream.of(topology.dead()))
                .map(Broker.Depth::unknown)
                .toList()
            : null);
  }

  @Override
  public void terminate(ExitReason reason, Phase phase) {
    close();
  }

  private Phase connect() throws IOException, TimeoutException {
    ServerSelf<Signal> me = me();
    Connection opened = link.open(me);
    connection = opened;
    topology.declareShared(opened);
    Channel made = opened.createChannel();
    service = made;
    made.addShutdownListener(_ -> GenServer.cast(me.pid(), new Signal.Lost(made)));
    made.addReturnListener(_ -> returned = true);
    if (ownQueue != null) {
      topology.declareOwn(made, ownQueue);
    }
    made.confirmSelect();
    arrivals.connected();
    takeAll();
    link.stands();
    return Phase.CONNECTED;
  }

  private Phase turned(Phase phase) throws IOException {
    if (phase == Phase.CONNECTED) {
      if (arrivals.paused()) {
        List<Channel> open = List.copyOf(taking.values());
        taking.clear();
        open.forEach(RabbitLink::close);
      } else {
        takeAll();
      }
    }
    return phase;
  }

  private void yieldShard(int shard) throws IOException {
    Channel open = ownQueue == null ? taking.remove(topology.shared(shard)) : null;
    if (open != null) {
      RabbitLink.close(open);
      takeAll();
    }
  }

  private void takeAll() throws IOException {
    for (String queue : queues()) {
      if (!arrivals.paused() && !taking.containsKey(queue)) {
        take(queue);
      }
    }
  }

  private void take(String queue) throws IOException {
    Pid<Signal> pid = me().pid();
    Channel channel = Objects.requireNonNull(connection, "the intake is connected").createChannel();
    taking.put(queue, channel);
    channel.basicQos(topology.prefetch());
    channel.basicConsume(
        queue,
        false,
        new DefaultConsumer(channel) {
          @Override
          public void handleDelivery(
              String consumer, Envelope envelope, BasicProperties properties, byte[] body) {
            Taken taken = new Taken(channel, queue, new Delivery(envelope, properties, body));
            arrivals.arrived(taken, fate -> GenServer.cast(pid, new Signal.Settled(taken, fate)));
          }

          @Override
          public void handleCancel(String consumer) {
            GenServer.cast(pid, new Signal.Lost(channel));
          }

          @Override
          public void handleShutdownSignal(String consumer, ShutdownSignalException signal) {
            GenServer.cast(pid, new Signal.Lost(channel));
          }
        });
  }

  private void settle(Taken taken, Broker.Fate fate)
      throws IOException, InterruptedException, TimeoutException {
    if (!taking.containsValue(taken.from())) {
      return;
    }
    switch (fate) {
      case Broker.Fate.Arrived _ -> {}
      case Broker.Fate.Dead(String reason) -> bury(taken, reason);
    }
    taken.from().basicAck(taken.tag(), false);
  }

  /// Puts an event aside, for certain, before it is acknowledged.
  private void bury(Taken taken, String reason)
      throws IOException, InterruptedException, TimeoutException {
    if (ownQueue != null) {
      return;
    }
    move(
        Topology.DEAD,
        topology.group(),
        EventMessage.dead(taken.properties(), taken.queue(), reason),
        taken.body());
  }

  /// Publishes, and is certain that a queue has it. A queue that somebody deleted is made again
  /// with the next connection.
  private void move(String exchange, String key, BasicProperties properties, byte[] body)
      throws IOException, InterruptedException, TimeoutException {
    returned = false;
    service().basicPublish(exchange, key, true, properties, body);
    service().waitForConfirmsOrDie(CONFIRM_MILLIS);
    if (returned) {
      throw new IOException("there is no queue for " + (exchange.isEmpty() ? key : exchange));
    }
  }

  private List<Broker.Depth> depths() throws IOException {
    List<Broker.Depth> depths = new ArrayList<>();
    List<String> all = new ArrayList<>(queues());
    all.add(topology.dead());
    for (String queue : all) {
      var state = service().queueDeclarePassive(queue);
      int shard =
          queue.equals(topology.dead())
              ? Broker.Depth.NO_SHARD
              : ownQueue == null ? depths.size() : Broker.Depth.EVERY_SHARD;
      depths.add(
          new Broker.Depth(queue, shard, state.getMessageCount(), null, state.getConsumerCount()));
    }
    return depths;
  }

  private List<Broker.DeadLetter> dead(int limit) throws IOException {
    List<Broker.DeadLetter> letters = new ArrayList<>();
    Channel looking = Objects.requireNonNull(connection, "the intake is connected").createChannel();
    while (letters.size() < limit) {
      GetResponse next = looking.basicGet(topology.dead(), false);
      if (next == null) {
        break;
      }
      letters.add(EventMessage.letter(next.getProps()));
    }
    RabbitLink.close(looking);
    return letters;
  }

  private int replay(int limit) throws IOException, InterruptedException, TimeoutException {
    Channel channel = service();
    long there = Math.min(limit, channel.messageCount(topology.dead()));
    int replayed = 0;
    while (replayed < there) {
      GetResponse next = channel.basicGet(topology.dead(), false);
      if (next == null) {
        break;
      }
      move("", origin(next.getProps()), EventMessage.alive(next.getProps()), next.getBody());
      channel.basicAck(next.getEnvelope().getDeliveryTag(), false);
      replayed++;
    }
    return replayed;
  }

  /// The queue that a dead letter came from, or the one of its key when that is no more.
  private String origin(BasicProperties letter) {
    String queue = EventMessage.optional(letter, EventMessage.QUEUE);
    String key = EventMessage.optional(letter, EventMessage.KEY);
    return queue != null && shared().contains(queue)
        ? queue
        : topology.shared(key == null ? 0 : Shards.of(key));
  }

  private List<String> queues() {
    return ownQueue == null ? shared() : List.of(ownQueue);
  }

  private List<String> shared() {
    List<String> all = new ArrayList<>();
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      all.add(topology.shared(shard));
    }
    return all;
  }

  private Phase lost() {
    ServerSelf<Signal> me = me();
    close();
    if (!connectPlanned) {
      connectPlanned = true;
      me.sendAfter(link.pause(), me.pid(), Signal.Plain.CONNECT);
    }
    return Phase.CONNECTING;
  }

  private void close() {
    connection = null;
    service = null;
    taking.clear();
    link.close();
  }

  private Channel service() throws IOException {
    Channel open = service;
    if (open == null) {
      throw new IOException("not connected");
    }
    return open;
  }

  @SuppressWarnings("unchecked")
  private static void reply(From<?> from, @Nullable Object answer) {
    ((From<@Nullable Object>) from).reply(answer);
  }

  private ServerSelf<Signal> me() {
    return Objects.requireNonNull(self, "the intake has started");
  }
}
