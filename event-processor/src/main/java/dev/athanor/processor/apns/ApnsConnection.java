package dev.athanor.processor.apns;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.DeliveryPriority;
import com.eatthepath.pushy.apns.PushNotificationResponse;
import com.eatthepath.pushy.apns.PushType;
import com.eatthepath.pushy.apns.util.SimpleApnsPayloadBuilder;
import com.eatthepath.pushy.apns.util.SimpleApnsPushNotification;
import dev.athanor.domain.campaigns.PushBatch;
import dev.athanor.domain.campaigns.Recipient;
import dev.athanor.processor.push.PushConnection;
import dev.athanor.processor.push.PushOutcome;
import dev.athanor.processor.push.PushOutcome.DeadToken;
import dev.athanor.processor.push.PushOutcome.Refused;
import dev.athanor.processor.push.PushOutcome.RetryAfter;
import dev.athanor.processor.push.PushOutcome.Whom;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// One connection to APNs: a Pushy client that keeps one channel open.
final class ApnsConnection implements PushConnection {
  private final ApnsClient client;
  private final String topic;
  private final Duration timeToLive;

  /// The payload made last; a story comes a million times in a row.
  private volatile @Nullable Encoded latest;

  ApnsConnection(ApnsClient client, String topic, Duration timeToLive) {
    this.client = client;
    this.topic = topic;
    this.timeToLive = timeToLive;
  }

  private record Encoded(PushBatch.Story story, String payload) {}

  @Override
  public CompletionStage<PushOutcome> push(UUID id, PushBatch.Story story, Recipient recipient) {
    SimpleApnsPushNotification notification =
        new SimpleApnsPushNotification(
            recipient.device().address(),
            topic,
            payload(story),
            story.since().plus(timeToLive),
            DeliveryPriority.IMMEDIATE,
            PushType.ALERT,
            story.post().toString(),
            id);
    return client.sendNotification(notification).thenApply(ApnsConnection::outcome);
  }

  @Override
  public void close() {
    var _ = client.close();
  }

  private static PushOutcome outcome(PushNotificationResponse<?> response) {
    if (response.isAccepted()) {
      return PushOutcome.DELIVERED;
    }
    String reason = response.getRejectionReason().orElse("status " + response.getStatusCode());
    return switch (reason) {
      case "BadDeviceToken", "Unregistered", "ExpiredToken" -> new DeadToken(reason);
      case "TooManyRequests" -> new RetryAfter(Duration.ZERO, Whom.DEVICE, reason);
      case "TooManyProviderTokenUpdates",
          "ExpiredProviderToken",
          "IdleTimeout",
          "InternalServerError",
          "ServiceUnavailable",
          "Shutdown" ->
          new RetryAfter(Duration.ZERO, Whom.EVERYBODY, reason);
      default ->
          switch (response.getStatusCode()) {
            // Our own key or rights: somebody may put them right.
            case 403 -> new RetryAfter(Duration.ZERO, Whom.EVERYBODY, reason);
            // A bad path, and no device that is gone.
            case 404 -> new Refused(reason);
            default -> PushOutcome.ofStatus(response.getStatusCode(), Duration.ZERO, reason);
          };
    };
  }

  private String payload(PushBatch.Story story) {
    Encoded encoded = latest;
    if (encoded == null || !encoded.story().equals(story)) {
      encoded = new Encoded(story, encode(story));
      latest = encoded;
    }
    return encoded.payload();
  }

  private static String encode(PushBatch.Story story) {
    return new SimpleApnsPayloadBuilder()
        .setAlertTitle(story.title())
        .setAlertBody(story.body())
        .setSound("default")
        .addCustomProperty("story", story.post().toString())
        .build();
  }
}
