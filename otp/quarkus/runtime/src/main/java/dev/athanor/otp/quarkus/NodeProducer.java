package dev.athanor.otp.quarkus;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.vertx.VertxScheduler;
import io.quarkus.runtime.LaunchMode;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Makes the application's node, on all event loops of Quarkus's Vert.x instance. In development
/// and tests it reports messages that can be changed after they were sent.
@Singleton
final class NodeProducer {
  @Produces
  @Singleton
  VertxScheduler scheduler(Vertx vertx) {
    return new VertxScheduler(vertx);
  }

  void close(@Disposes VertxScheduler scheduler) {
    scheduler.close();
  }

  @Produces
  @Singleton
  Node node(VertxScheduler scheduler) {
    boolean live = LaunchMode.current() == LaunchMode.NORMAL;
    return Node.builder(scheduler)
        .mutableMessages(live ? Node.MutableMessages.IGNORE : Node.MutableMessages.REPORT)
        .build();
  }

  void close(@Disposes Node node) {
    node.close();
  }
}
