package dev.athanor.processor.work;

import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.quarkus.Supervised;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.SupervisorSpec;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// The supervision tree of the work that events left behind.
///
/// ```
/// work                    one_for_one
/// └─ work.(kind)          WorkDrain, one for each WorkKind that is enabled
/// ```
@ApplicationScoped
public class WorkTree implements Supervised {
  private final List<WorkKind> kinds;
  private final WorkTable table;
  private final MeterRegistry meters;

  WorkTree(@All List<WorkKind> kinds, WorkTable table, MeterRegistry meters) {
    this.kinds = kinds;
    this.table = table;
    this.meters = meters;
  }

  @Override
  public int order() {
    return 245;
  }

  @Override
  public List<ChildSpec> children() {
    return List.of(
        ChildSpec.supervisor(
            "work",
            SupervisorSpec.of(
                Strategy.ONE_FOR_ONE,
                kinds.stream().filter(WorkKind::enabled).map(this::child).toList())));
  }

  /// Lets this node look for work of a kind now; nothing happens when it does none.
  public static void wake(Node node, String kind) {
    if (node.whereis(processName(kind)) != null) {
      GenServer.cast(node, Name.local(processName(kind)), new WorkDrain.Message.Look());
    }
  }

  private ChildSpec child(WorkKind kind) {
    String name = processName(kind.kind());
    return ChildSpec.server(
        name,
        () -> new WorkDrain(kind, table, meters, WorkDrain.Timing.DEFAULT),
        ServerOptions.named(name));
  }

  private static String processName(String kind) {
    return "work." + kind;
  }
}
