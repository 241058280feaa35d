package dev.athanor.domain.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import dev.athanor.domain.outbox.Shards;
import java.io.IOException;
import java.net.Socket;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/// The exchanges and queues, and how to connect. Both ends declare what they need with every
/// connection: whoever comes first makes it, so no event is published before there is a queue for
/// it.
///
/// ```
/// athanor.events (direct, routing key = shard)
/// ├─ athanor.events.<group>.<shard>  durable, one active consumer, dead letters to .dead
/// └─ athanor.events.node.<uuid>      a node that hears everything; gone a minute after it
/// athanor.events.dead (direct, routing key = group)
/// └─ athanor.events.<group>.dead     durable
/// ```
final class Topology {
  static final String EVENTS = "athanor.events";
  static final String DEAD = "athanor.events.dead";

  private static final int EXPIRES_MILLIS = 60_000;
  private static final int CONNECT_MILLIS = 5_000;
  private static final int HEARTBEAT_SECONDS = 10;

  /// A close waits no longer for what cannot be sent, nor for a thread that is stuck sending it.
  private static final int LINGER_SECONDS = 1;

  /// The first release whose quorum queues give up what was returned too often, unless told not to.
  private static final int LIMITING_RELEASE = 4;

  private static final int PRECONDITION_FAILED = 406;

  private static final Logger LOG = Logger.getLogger(Topology.class);

  private final RabbitSettings settings;

  Topology(RabbitSettings settings) {
    this.settings = settings;
  }

  /// A connection and the socket under it.
  record Opened(Connection connection, Socket socket) {}

  /// Connects; blocks. A lost connection stays lost: who uses it connects again, and declares
  /// again.
  Opened connect(String name) throws IOException, TimeoutException {
    ConnectionFactory factory = new ConnectionFactory();
    try {
      factory.setUri(settings.url());
    } catch (URISyntaxException | GeneralSecurityException e) {
      // The value may hold a password: it is not repeated.
      throw new IllegalArgumentException(
          "athanor.events.rabbitmq.url: expected amqp://[user:password@]host[:port][/vhost]", e);
    }
    settings.username().ifPresent(factory::setUsername);
    settings.password().ifPresent(factory::setPassword);
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setConnectionTimeout(CONNECT_MILLIS);
    factory.setHandshakeTimeout(CONNECT_MILLIS);
    factory.setChannelRpcTimeout(CONNECT_MILLIS);
    factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
    AtomicReference<Socket> socket = new AtomicReference<>();
    factory.setSocketConfigurator(
        factory
            .getSocketConfigurator()
            .andThen(
                made -> {
                  made.setSoLinger(true, LINGER_SECONDS);
                  socket.set(made);
                }));
    Connection connection = factory.newConnection(name);
    return new Opened(connection, Objects.requireNonNull(socket.get(), "connected by a socket"));
  }

  /// Declares the exchanges and the queues that share work.
  void declareShared(Connection on) throws IOException, TimeoutException {
    declareShared(
        on,
        settings.queueType() == RabbitSettings.QueueType.QUORUM && release(on) >= LIMITING_RELEASE);
  }

  /// @param unlimited whether the queues are to be told that an event may be returned any number of
  ///     times: RabbitMQ 4 puts it aside after 20 otherwise, RabbitMQ 3 knows no other way. It
  ///     cannot be told to queues that exist, which then stay as they are
  void declareShared(Connection on, boolean unlimited) throws IOException, TimeoutException {
    Channel channel = on.createChannel();
    channel.exchangeDeclare(EVENTS, BuiltinExchangeType.DIRECT, true);
    channel.exchangeDeclare(DEAD, BuiltinExchangeType.DIRECT, true);
    channel.queueDeclare(dead(), true, false, false, Map.of());
    channel.queueBind(dead(), DEAD, settings.group());
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("x-queue-type", settings.queueType().name().toLowerCase(Locale.ROOT));
    arguments.put("x-single-active-consumer", true);
    arguments.put("x-dead-letter-exchange", DEAD);
    arguments.put("x-dead-letter-routing-key", settings.group());
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      if (!unlimited || !declareUnlimited(on, shared(shard), arguments)) {
        channel.queueDeclare(shared(shard), true, false, false, arguments);
      }
      channel.queueBind(shared(shard), EVENTS, Integer.toString(shard));
    }
    channel.close();
  }

  /// On a channel of its own, which a refusal closes.
  ///
  /// @return false when RabbitMQ refuses, as it does when there is such a queue without that
  private static boolean declareUnlimited(
      Connection on, String queue, Map<String, Object> arguments)
      throws IOException, TimeoutException {
    Map<String, Object> unlimited = new HashMap<>(arguments);
    unlimited.put("x-delivery-limit", -1);
    Channel trial = on.createChannel();
    try {
      trial.queueDeclare(queue, true, false, false, unlimited);
      trial.close();
      return true;
    } catch (IOException refused) {
      if (refused.getCause() instanceof ShutdownSignalException signal
          && signal.getReason() instanceof AMQP.Channel.Close close
          && close.getReplyCode() == PRECONDITION_FAILED) {
        LOG.warnf(
            "The queue %s puts events aside that were returned too often: delete it when it is"
                + " empty, so that it is made anew without a limit (%s)",
            queue, close.getReplyText());
        return false;
      }
      throw refused;
    }
  }

  /// The first number of the broker's version; 0 when it does not tell.
  static int release(Connection on) {
    String version = String.valueOf(on.getServerProperties().get("version"));
    int point = version.indexOf('.');
    try {
      return Integer.parseInt(point < 0 ? version : version.substring(0, point));
    } catch (NumberFormatException unknown) {
      return 0;
    }
  }

  /// Declares the queue of a node that hears everything.
  void declareOwn(Channel channel, String queue) throws IOException {
    channel.exchangeDeclare(EVENTS, BuiltinExchangeType.DIRECT, true);
    channel.queueDeclare(queue, true, false, false, Map.of("x-expires", EXPIRES_MILLIS));
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      channel.queueBind(queue, EVENTS, Integer.toString(shard));
    }
  }

  String group() {
    return settings.group();
  }

  String shared(int shard) {
    return EVENTS + "." + settings.group() + "." + shard;
  }

  String dead() {
    return EVENTS + "." + settings.group() + ".dead";
  }

  int prefetch() {
    return settings.prefetch();
  }
}
