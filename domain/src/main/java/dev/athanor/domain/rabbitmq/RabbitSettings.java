package dev.athanor.domain.rabbitmq;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// Where RabbitMQ is and how its queues are made.
@ConfigMapping(prefix = "athanor.events.rabbitmq")
public interface RabbitSettings {
  /// amqp://host:port/vhost, or amqps for TLS; may hold user and password.
  @WithDefault("amqp://127.0.0.1:5672")
  String url();

  /// The user, unless it is in the URL.
  Optional<String> username();

  /// The password, unless it is in the URL.
  Optional<String> password();

  /// The deployments that share the work: each event goes to one node of them.
  @WithDefault("event-processor")
  String group();

  /// Of the queues that share work: quorum or classic.
  @WithDefault("quorum")
  QueueType queueType();

  /// How many events of a queue may be under way in a node.
  @WithDefault("512")
  int prefetch();

  /// How long RabbitMQ may take to confirm an event before the connection counts as dead.
  @WithDefault("1m")
  Duration confirmTimeout();

  /// The kinds of durable queues.
  enum QueueType {
    QUORUM,
    CLASSIC
  }
}
