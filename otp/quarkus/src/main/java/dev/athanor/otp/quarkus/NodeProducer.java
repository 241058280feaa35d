package dev.athanor.otp.quarkus;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.vertx.VertxScheduler;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Makes the application's node, on all event loops of Quarkus's Vert.x instance.
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
    return Node.on(scheduler);
  }

  void close(@Disposes Node node) {
    node.close();
  }
}
