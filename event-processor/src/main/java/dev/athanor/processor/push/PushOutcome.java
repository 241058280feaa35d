package dev.athanor.processor.push;

import java.time.Duration;

/// What a push service says of a push.
public sealed interface PushOutcome {
  /// It has taken it: the push is settled.
  record Delivered() implements PushOutcome {}

  /// Not now.
  ///
  /// @param after how long to wait at least; zero when it does not say
  /// @param whom whom that concerns
  /// @param reason why
  record RetryAfter(Duration after, Whom whom, String reason) implements PushOutcome {}

  /// Whom a "not now" concerns. A device that is itself the reason is tried a number of times;
  /// trouble of a push service is waited for as long as the story is news.
  enum Whom {
    /// This device alone.
    DEVICE,

    /// This device and others of the same push service, which is one of several behind the gateway
    /// or short of quota: they wait, others do not.
    ORIGIN,

    /// Everybody who is reached over the connection.
    EVERYBODY
  }

  /// The device is gone for good: its token is to be forgotten.
  ///
  /// @param reason what it is called by the push service
  record DeadToken(String reason) implements PushOutcome {}

  /// Not this push, now or ever.
  ///
  /// @param reason why
  record Refused(String reason) implements PushOutcome {}

  /// The one that has no more to say.
  PushOutcome DELIVERED = new Delivered();

  /// What an HTTP status means where a push service gives no better reason: 404 and 410 a device
  /// that is gone, 429 too much for the device, 401 trouble with our key and 5xx trouble of the
  /// service, everybody's.
  static PushOutcome ofStatus(int status, Duration after, String reason) {
    return switch (status) {
      case 200, 201, 202, 204 -> DELIVERED;
      case 404, 410 -> new DeadToken(reason);
      case 429 -> new RetryAfter(after, Whom.DEVICE, reason);
      default ->
          status == 401 || status >= 500
              ? new RetryAfter(after, Whom.EVERYBODY, reason)
              : new Refused(reason);
    };
  }
}
