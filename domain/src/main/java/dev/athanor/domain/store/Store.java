package dev.athanor.domain.store;

import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// The domain's transactions. Any thread may ask for one: it runs on a Vert.x context of its own
/// (on the caller's event loop when the caller is on one), and the answer comes back on the context
/// the caller was on.
@ApplicationScoped
public class Store {
  private final Mutiny.SessionFactory sessions;
  private final Vertx vertx;

  @Inject
  Store(Mutiny.SessionFactory sessions, Vertx vertx) {
    this.sessions = sessions;
    this.vertx = vertx;
  }

  /// Runs the work in a transaction that is committed when the work's Uni is answered and rolled
  /// back when it fails. After the commit the work's own actions run, then the caller has the
  /// answer.
  public <T extends @Nullable Object> Uni<T> write(Function<UnitOfWork, Uni<T>> work) {
    return onOwnContext(
        () -> {
          AtomicReference<UnitOfWork> done = new AtomicReference<>();
          return sessions
              .withTransaction(
                  session -> {
                    UnitOfWork unit = new UnitOfWork(session);
                    done.set(unit);
                    return work.apply(unit);
                  })
              .invoke(() -> done.get().committed());
        });
  }

  /// Runs the work in a session without a transaction: for reading through entities.
  public <T extends @Nullable Object> Uni<T> read(Function<Mutiny.Session, Uni<T>> work) {
    return onOwnContext(() -> sessions.withSession(work));
  }

  private <T extends @Nullable Object> Uni<T> onOwnContext(Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              ContextInternal caller = (ContextInternal) Vertx.currentContext();
              ContextInternal base =
                  caller == null || !caller.isEventLoopContext()
                      ? (ContextInternal) vertx.getOrCreateContext()
                      : caller;
              Context own = base.unwrap().duplicate();
              VertxContextSafetyToggle.setContextSafe(own, true);
              own.runOnContext(
                  _ ->
                      work.get()
                          .subscribe()
                          .with(
                              item -> back(caller, () -> emitter.complete(item)),
                              failure -> back(caller, () -> emitter.fail(failure))));
            });
  }

  private static void back(@Nullable Context caller, Runnable answer) {
    if (caller == null) {
      answer.run();
    } else {
      caller.runOnContext(_ -> answer.run());
    }
  }
}
