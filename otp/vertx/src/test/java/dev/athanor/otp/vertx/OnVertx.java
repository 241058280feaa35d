package dev.athanor.otp.vertx;

import dev.athanor.otp.process.Node;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A node on a Vert.x of its own for each test.
abstract class OnVertx {
  Vertx vertx;
  VertxScheduler scheduler;
  Node node;

  @BeforeEach
  final void openNode() {
    vertx = Vertx.vertx();
    scheduler = new VertxScheduler(vertx);
    node = Node.on(scheduler);
  }

  @AfterEach
  final void closeNode() {
    node.close();
    scheduler.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
