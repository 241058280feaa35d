/// Events through RabbitMQ between deployments: queues by shard, confirms, acknowledgements after
/// the effect, and a place for events that will never have one. Start from
/// [RabbitMqBroker][dev.athanor.domain.rabbitmq.RabbitMqBroker].
@NullMarked
package dev.athanor.domain.rabbitmq;

import org.jspecify.annotations.NullMarked;
