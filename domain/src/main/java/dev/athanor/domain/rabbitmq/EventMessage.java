package dev.athanor.domain.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.athanor.domain.outbox.Broker;
import dev.athanor.domain.outbox.DomainEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An event as a message: the payload is the body, the rest are properties and headers. A dead
/// letter is the same message with headers that say why, since when, and of which queue it came.
final class EventMessage {
  static final String REASON = "x-athanor-reason";
  static final String QUEUE = "x-athanor-queue";
  private static final String AT = "x-athanor-at";
  static final String KEY = "x-athanor-key";
  private static final String SEQ = "x-athanor-seq";
  private static final String STREAMS = "x-athanor-streams";
  private static final String OCCURRED = "x-athanor-occurred-micros";
  private static final int PERSISTENT = 2;

  private EventMessage() {}

  static byte[] body(DomainEvent event) {
    return event.payload().getBytes(StandardCharsets.UTF_8);
  }

  static BasicProperties properties(DomainEvent event) {
    Map<String, Object> headers = new HashMap<>();
    headers.put(KEY, event.key());
    headers.put(SEQ, event.seq());
    headers.put(STREAMS, String.join(" ", event.streams()));
    headers.put(OCCURRED, ChronoUnit.MICROS.between(Instant.EPOCH, event.occurredAt()));
    return new BasicProperties.Builder()
        .messageId(event.id().toString())
        .type(event.type())
        .contentType("application/json")
        .deliveryMode(PERSISTENT)
        .headers(headers)
        .build();
  }

  /// Reads an event.
  ///
  /// @throws IllegalArgumentException when the message is none
  static DomainEvent event(BasicProperties properties, byte[] body) {
    try {
      String streams = text(properties, STREAMS);
      return new DomainEvent(
          UUID.fromString(properties.getMessageId()),
          number(properties, SEQ),
          properties.getType(),
          text(properties, KEY),
          new String(body, StandardCharsets.UTF_8),
          streams.isEmpty() ? List.of() : List.of(streams.split(" ")),
          Instant.EPOCH.plus(number(properties, OCCURRED), ChronoUnit.MICROS));
    } catch (NullPointerException e) {
      throw new IllegalArgumentException(
          "Expected an event with messageId, type and the x-athanor headers, got " + properties, e);
    }
  }

  /// The same message with the reason of its death.
  static BasicProperties dead(BasicProperties properties, String queue, String reason) {
    Map<String, Object> headers = headers(properties);
    headers.put(REASON, reason);
    headers.put(QUEUE, queue);
    headers.put(AT, Instant.now().toString());
    return properties.builder().headers(headers).deliveryMode(PERSISTENT).build();
  }

  /// The same message as it was before it died.
  static BasicProperties alive(BasicProperties properties) {
    Map<String, Object> headers = headers(properties);
    headers.keySet().removeAll(List.of(REASON, QUEUE, AT, "x-death"));
    return properties.builder().headers(headers).build();
  }

  static Broker.DeadLetter letter(BasicProperties properties) {
    return new Broker.DeadLetter(
        id(properties.getMessageId()),
        properties.getType(),
        optional(properties, KEY),
        optional(properties, REASON),
        instant(optional(properties, AT)));
  }

  static @Nullable String optional(BasicProperties properties, String header) {
    Object value = headers(properties).get(header);
    return value == null ? null : value.toString();
  }

  private static Map<String, Object> headers(BasicProperties properties) {
    return properties.getHeaders() == null
        ? new HashMap<>()
        : new HashMap<>(properties.getHeaders());
  }

  private static String text(BasicProperties properties, String header) {
    String value = optional(properties, header);
    if (value == null) {
      throw new IllegalArgumentException("Expected the header " + header + ", got none");
    }
    return value;
  }

  private static long number(BasicProperties properties, String header) {
    return Long.parseLong(text(properties, header));
  }

  private static @Nullable UUID id(@Nullable String text) {
    try {
      return text == null ? null : UUID.fromString(text);
    } catch (IllegalArgumentException notOne) {
      return null;
    }
  }

  private static @Nullable Instant instant(@Nullable String text) {
    return text == null ? null : Instant.parse(text);
  }
}
