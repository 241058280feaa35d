package dev.athanor.processor.events;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;

/// What an operator sees of the consumers: `athanor.events.processed` (events whose effect is
/// done), `athanor.events.failures` (attempts that failed), `athanor.events.dead` (events given up)
/// and `athanor.events.batches`, each by consumer.
@ApplicationScoped
class EventMetrics {
  private static final String CONSUMER = "consumer";

  private final MeterRegistry meters;

  EventMetrics(MeterRegistry meters) {
    this.meters = meters;
  }

  void processed(String consumer, int events) {
    meters.counter("athanor.events.processed", CONSUMER, consumer).increment(events);
    meters.counter("athanor.events.batches", CONSUMER, consumer).increment();
  }

  void dead(String consumer) {
    meters.counter("athanor.events.dead", CONSUMER, consumer).increment();
  }

  void failed(String consumer) {
    meters.counter("athanor.events.failures", CONSUMER, consumer).increment();
  }
}
