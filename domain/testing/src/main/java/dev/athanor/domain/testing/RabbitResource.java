package dev.athanor.domain.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Gives a Quarkus test a RabbitMQ, and its fields of the type [RabbitNode] the handle to it.
public class RabbitResource implements QuarkusTestResourceLifecycleManager {
  private @Nullable RabbitNode node;

  /// Made by Quarkus.
  public RabbitResource() {}

  @Override
  public Map<String, String> start() {
    RabbitNode started = RabbitNode.start(Path.of("target"));
    node = started;
    return Map.of(
        "athanor.events.broker", "rabbitmq",
        "athanor.events.rabbitmq.url", started.url(),
        "athanor.events.attempts", "3");
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(
        Objects.requireNonNull(node, "started"), new TestInjector.MatchesType(RabbitNode.class));
  }

  @Override
  public void stop() {
    if (node != null) {
      node.close();
    }
  }
}
