package dev.athanor.processor.events;

import dev.athanor.otp.quarkus.Supervised;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.SupervisorSpec;
import dev.athanor.processor.retry.Backoff;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// The supervision tree of the consumers: one process each, and one that prunes what they remember.
///
/// ```
/// consumers               one_for_one
/// ├─ consumer.(name)      ConsumerServer, one for each EventConsumer
/// └─ ledger.keeper        LedgerKeeper
/// ```
@ApplicationScoped
class ConsumerTree implements Supervised {
  private final List<EventConsumer> consumers;
  private final EventMetrics metrics;
  private final Ledger ledger;
  private final int attempts;

  ConsumerTree(
      @All List<EventConsumer> consumers,
      EventMetrics metrics,
      Ledger ledger,
      @ConfigProperty(name = "athanor.events.attempts", defaultValue = "8") int attempts) {
    if (attempts < 1) {
      throw new IllegalArgumentException(
          "athanor.events.attempts: expected at least 1, got " + attempts);
    }
    this.attempts = attempts;
    this.consumers = consumers;
    this.metrics = metrics;
    this.ledger = ledger;
  }

  @Override
  public int order() {
    return 250;
  }

  @Override
  public List<ChildSpec> children() {
    List<ChildSpec> each = new ArrayList<>(consumers.stream().map(this::child).toList());
    each.add(
        ChildSpec.server(
            "ledger.keeper",
            () ->
                new LedgerKeeper(
                    (age, limit) ->
                        ledger.forgetOlderThan(age, limit).subscribeAsCompletionStage())));
    return List.of(
        ChildSpec.supervisor("consumers", SupervisorSpec.of(Strategy.ONE_FOR_ONE, each)));
  }

  private ChildSpec child(EventConsumer consumer) {
    String name = Consumers.processName(consumer);
    return ChildSpec.server(
        name,
        () ->
            new ConsumerServer(
                consumer,
                metrics,
                Backoff.DATABASE,
                attempts,
                () -> ThreadLocalRandom.current().nextLong()),
        ServerOptions.named(name));
  }
}
