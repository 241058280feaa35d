package dev.athanor.processor.campaign;

import dev.athanor.processor.retry.Backoff;
import java.time.Duration;

/// The times by which batches are delivered.
///
/// @param lease how long a batch is a worker's without a word of it
/// @param settleAfter how long an answer waits to be written down with others
/// @param settleAt how many answers do not wait
/// @param linger how long a worker without work keeps its connection
/// @param look how often the desk looks for work
/// @param device how long a device rests that was told to come again
/// @param attempts how often a device is tried that is itself the reason for "not now"
/// @param timeToLive how long after the campaign began a push service in trouble is waited for
/// @param connection how long a connection rests that was lost
record PushTiming(
    Duration lease,
    Duration settleAfter,
    int settleAt,
    Duration linger,
    Duration look,
    Backoff device,
    int attempts,
    Duration timeToLive,
    Backoff connection) {
  static PushTiming of(Duration lease, Duration timeToLive) {
    return new PushTiming(
        lease,
        Duration.ofMillis(50),
        250,
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        new Backoff(Duration.ofMillis(250), Duration.ofSeconds(30), 0.5),
        10,
        timeToLive,
        new Backoff(Duration.ofMillis(100), Duration.ofSeconds(15), 0.5));
  }
}
