package dev.athanor.otp.channels.presence;

import dev.athanor.otp.channels.wire.Payload;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// What a tracker has yet to tell. It outlives a tracker that crashes, whose successor goes on with
/// it. Plain fields of the one tracker that runs: its supervisor starts no other before it has
/// heard of the end.
final class Desk {
  /// News of a topic, and what there is to say of it when the application has answered.
  record Told(
      String topic,
      TopicNews news,
      Map<String, List<Meta>> there,
      CompletableFuture<Map<String, Payload>> more,
      CompletableFuture<Map<String, Payload>> moreOfAll) {
    /// The same, without waiting for the application.
    Told plainly() {
      var nothing = CompletableFuture.completedFuture(Map.<String, Payload>of());
      return new Told(topic, news, there, nothing, nothing);
    }
  }

  /// What has changed since the last diff, by topic.
  Map<String, TopicNews> news = new LinkedHashMap<>();

  /// What is being told, the application's answers pending. Each entry is taken off before it is
  /// told, so that none can bring down one tracker after the other.
  ArrayDeque<Told> telling = new ArrayDeque<>(0);
}
