package dev.athanor.processor.campaign;

import dev.athanor.domain.readers.DeviceKind;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

    /// It has looked: whether there is more to see at once, and how many batches wait, by kind.
    record Seen(boolean more, Map<DeviceKind, Integer> waiting) implements Message {}

    /// Who is there to deliver them.
    record Present(boolean more, Map<DeviceKind, Integer> waiting, List<ChildInfo> workers)
        implements Message {}

    /// The workers that were hired are there.
    record Hired(boolean more) implements Message {}
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
    return switch (message) {
      case Message.Look() -> {
        again = looking;
        if (!looking) {
          look();
        }
        yield Next.noReply(true);
      }
      case Message.Seen(boolean more, var waiting) -> {
        Pid<DynamicSupervisor.Command> supervisor = supervisor();
        if (waiting.isEmpty() || supervisor == null) {
          yield looked(more);
        }
        me().pipe(
                DynamicSupervisor.whichChildren(supervisor),
                (workers, _) ->
                    workers == null
                        ? new Message.Seen(false, Map.of())
                        : new Message.Present(more, waiting, workers));
        yield Next.noReply(true);
      }
      case Message.Present(boolean more, var waiting, var workers) -> {
        me().pipe(hire(waiting, workers), (_, _) -> new Message.Hired(more));
        yield Next.noReply(true);
      }
      case Message.Hired(boolean more) -> looked(more);
    };
  }

  private Next<Boolean> looked(boolean more) {
    boolean now = more || again;
    if (now) {
      look();
    }
    return Next.noReply(now);
  }

  private void look() {
    again = false;
    Uni<Message.Seen> look =
        crew.work()
            .cut(crew.gateways().stream().map(PushGateway::kind).toList())
            .chain(
                more ->
                    crew.work()
                        .close()
                        .chain(() -> crew.work().waiting())
                        .map(waiting -> new Message.Seen(more, waiting)));
    me().pipe(
            look.subscribeAsCompletionStage(),
            (seen, failure) -> {
              if (failure != null) {
                LOG.debugf(failure, "The campaigns could not be looked at; it is tried again");
              }
              return seen == null ? new Message.Seen(false, Map.of()) : seen;
            });
  }

  /// Completes when all are there: who is still starting would not be seen by the next look.
  private CompletionStage<?> hire(Map<DeviceKind, Integer> waiting, List<ChildInfo> present) {
    List<CompletableFuture<?>> starts = new ArrayList<>();
    Pid<DynamicSupervisor.Command> supervisor = supervisor();
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
      for (long i = there; i < wanted && supervisor != null; i++) {
        starts.add(start(supervisor, gateway).toCompletableFuture());
      }
    }
    return CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new));
  }

  @SuppressWarnings("unchecked")
  private @Nullable Pid<DynamicSupervisor.Command> supervisor() {
    return (Pid<DynamicSupervisor.Command>) me().node().whereis(pool);
  }

  private CompletionStage<?> start(Pid<DynamicSupervisor.Command> supervisor, PushGateway gateway) {
    ChildSpec worker =
        ChildSpec.server(
                new WorkerId(gateway.kind(), UUID.randomUUID()),
                () -> new PushWorker(gateway, crew))
            .restart(Restart.TEMPORARY);
    return DynamicSupervisor.startChild(supervisor, worker)
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
