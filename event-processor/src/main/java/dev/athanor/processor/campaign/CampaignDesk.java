package dev.athanor.processor.campaign;

import dev.athanor.domain.readers.DeviceKind;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.supervisor.ChildInfo;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.DynamicSupervisor;
import dev.athanor.otp.supervisor.Restart;
import dev.athanor.processor.push.PushGateway;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The process that looks for work: it cuts the audiences of running campaigns page by page, hires
/// workers as the backlog grows, and ends campaigns whose last batch is done. It looks every
/// second, and at once when a campaign begins.
///
/// It keeps nothing: what is to do stands in the database, who is there it asks the supervisor. A
/// worker that is gone, for whatever reason, is replaced at the next look if there is still work.
///
/// The state is whether it is looking.
final class CampaignDesk implements GenServer<CampaignDesk.Message, Boolean> {
  private static final Logger LOG = Logger.getLogger(CampaignDesk.class);

  /// A worker more for so many waiting batches.
  private static final int BATCHES_A_WORKER = 2;

  private final PushCrew crew;
  private final String pool;
  private @Nullable ServerSelf<Message> self;

  /// There may be work that the look under way has not seen.
  private boolean again;

  CampaignDesk(PushCrew crew, String pool) {
    this.crew = crew;
    this.pool = pool;
  }

  /// What the desk hears.
  sealed interface Message {
    /// There may be work.
    record Look() implements Message {}

    /// It has looked; whether there is more to see at once.
    record Looked(boolean more) implements Message {}
  }

  /// How a worker is known to the pool.
  record WorkerId(DeviceKind kind, UUID name) {}

  @Override
  public InitResult<Boolean> init(ServerSelf<Message> itself) {
    self = itself;
    itself.sendInterval(crew.timing().look(), itself.pid(), new Message.Look());
    look();
    return InitResult.ok(true);
  }

  @Override
  public Next<Boolean> handleInfo(Info info, Boolean looking) {
    return info instanceof Info.Message(Message message)
        ? handleCast(message, looking)
        : Next.noReply(looking);
  }

  @Override
  public Next<Boolean> handleCast(Message message, Boolean looking) {
    boolean now =
        switch (message) {
          case Message.Look() -> {
            again = looking;
            yield !looking;
          }
          case Message.Looked(boolean more) -> more || again;
        };
    if (now) {
      look();
    }
    return Next.noReply(now || (looking && message instanceof Message.Look));
  }

  private void look() {
    again = false;
    Node node = me().node();
    Uni<Boolean> look =
        crew.work()
            .cut(crew.gateways().stream().map(PushGateway::kind).toList())
            .chain(
                more ->
                    crew.work()
                        .waiting()
                        .chain(waiting -> hire(node, waiting))
                        .chain(() -> crew.work().close())
                        .replaceWith(more));
    me().pipe(
            look.subscribeAsCompletionStage(),
            (more, failure) -> {
              if (failure != null) {
                LOG.debugf(failure, "The campaigns could not be looked at; it is tried again");
              }
              return new Message.Looked(failure == null && Boolean.TRUE.equals(more));
            });
  }

  private Uni<Void> hire(Node node, Map<DeviceKind, Integer> waiting) {
    @SuppressWarnings("unchecked")
    Pid<DynamicSupervisor.Command> supervisor = (Pid<DynamicSupervisor.Command>) node.whereis(pool);
    if (waiting.isEmpty() || supervisor == null) {
      return Uni.createFrom().voidItem();
    }
    return Uni.createFrom()
        .completionStage(() -> DynamicSupervisor.whichChildren(supervisor))
        .invoke(present -> hire(supervisor, waiting, present))
        .replaceWithVoid();
  }

  private void hire(
      Pid<DynamicSupervisor.Command> supervisor,
      Map<DeviceKind, Integer> waiting,
      List<ChildInfo> present) {
    for (PushGateway gateway : crew.gateways()) {
      int batches = waiting.getOrDefault(gateway.kind(), 0);
      long there =
          present.stream()
              .filter(
                  child ->
                      child.id() instanceof WorkerId(var kind, var _) && kind == gateway.kind())
              .count();
      long wanted =
          Math.min(gateway.connections(), (batches + BATCHES_A_WORKER - 1) / BATCHES_A_WORKER);
      for (long i = there; i < wanted; i++) {
        start(supervisor, gateway);
      }
    }
  }

  private void start(Pid<DynamicSupervisor.Command> supervisor, PushGateway gateway) {
    ChildSpec worker =
        ChildSpec.server(
                new WorkerId(gateway.kind(), UUID.randomUUID()),
                () -> new PushWorker(gateway, crew))
            .restart(Restart.TEMPORARY);
    DynamicSupervisor.startChild(supervisor, worker)
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                LOG.warnf(failure, "A push worker for %s could not be started", gateway.kind());
              }
            });
  }

  private ServerSelf<Message> me() {
    if (self == null) {
      throw new IllegalStateException("The desk has not begun");
    }
    return self;
  }
}
