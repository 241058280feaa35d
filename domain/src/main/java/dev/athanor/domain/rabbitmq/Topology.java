package dev.athanor.domain.rabbitmq;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.athanor.domain.outbox.Shards;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;

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

  private final RabbitSettings settings;

  Topology(RabbitSettings settings) {
    this.settings = settings;
  }

  /// Connects; blocks. A lost connection stays lost: who uses it connects again, and declares
  /// again.
  Connection connect(String name) throws IOException, TimeoutException {
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
    return factory.newConnection(name);
  }

  /// Declares the exchanges and the queues that share work.
  void declareShared(Channel channel) throws IOException {
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
      channel.queueDeclare(shared(shard), true, false, false, arguments);
      channel.queueBind(shared(shard), EVENTS, Integer.toString(shard));
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
