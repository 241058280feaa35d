package dev.athanor.processor.campaign;

import dev.athanor.domain.campaigns.PushWork;
import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.quarkus.Supervised;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.DynamicSupervisor;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.SupervisorSpec;
import dev.athanor.processor.push.PushConfig;
import dev.athanor.processor.push.PushGateway;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// The supervision tree that delivers campaigns.
///
/// ```
/// campaigns              rest_for_one
/// ├─ campaigns.pool      dynamic supervisor
/// │  ├─ (worker)         PushWorker, temporary: a connection, and one batch at a time
/// │  └─ ...              as many as the backlog asks for, at most athanor.push.connections
/// └─ campaigns.desk      CampaignDesk: cuts audiences, hires workers
/// ```
///
/// Nothing is lost with any of them: a batch is a row, and who dies with it loses its lease.
@ApplicationScoped
public class PushTree implements Supervised {
  private static final String NAME = "campaigns";

  private final PushCrew crew;
  private final boolean enabled;

  @Inject
  PushTree(
      PushWork work, @All List<PushGateway> gateways, PushConfig config, MeterRegistry meters) {
    this.crew =
        new PushCrew(
            work,
            gateways,
            PushTiming.of(config.lease(), config.timeToLive()),
            new PushMeters(meters),
            InstantSource.system(),
            () -> ThreadLocalRandom.current().nextLong());
    this.enabled = config.enabled();
  }

  @Override
  public int order() {
    return 240;
  }

  @Override
  public List<ChildSpec> children() {
    return enabled ? List.of(spec(NAME, crew)) : List.of();
  }

  /// A tree of that name.
  static ChildSpec spec(String name, PushCrew crew) {
    String pool = name + ".pool";
    String desk = name + ".desk";
    return ChildSpec.supervisor(
        name,
        SupervisorSpec.of(
            Strategy.REST_FOR_ONE,
            DynamicSupervisor.child(
                pool, DynamicSupervisor.Options.DEFAULT, ServerOptions.named(pool)),
            ChildSpec.server(desk, () -> new CampaignDesk(crew, pool), ServerOptions.named(desk))));
  }

  /// Lets the desk of this node look for work now; nothing happens when it has none.
  static void look(Node node) {
    if (node.whereis(NAME + ".desk") != null) {
      GenServer.cast(node, Name.local(NAME + ".desk"), new CampaignDesk.Message.Look());
    }
  }
}
