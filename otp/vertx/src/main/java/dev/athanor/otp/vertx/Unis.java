package dev.athanor.otp.vertx;

import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Request;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Calls to servers as Mutiny's Uni: nothing is sent before somebody subscribes, every subscription
/// is a call of its own, and the outcome arrives on the Vert.x context of the subscriber if it has
/// one.
public final class Unis {
  private Unis() {}

  /// A call with the default timeout.
  ///
  /// @param server whom
  /// @param request what
  /// @param <R> the type of the reply
  /// @param <Q> the type of the request
  /// @return the reply, or the failures of [GenServer#call(Pid, Request)]
  public static <R, Q extends Request<R>> Uni<R> call(Pid<? super Q> server, Q request) {
    return call(server, request, GenServer.CALL_TIMEOUT);
  }

  /// A call.
  ///
  /// @param server whom
  /// @param request what
  /// @param timeout how long to wait
  /// @param <R> the type of the reply
  /// @param <Q> the type of the request
  /// @return the reply, or the failures of [GenServer#call(Pid, Request, Duration)]
  public static <R, Q extends Request<R>> Uni<R> call(
      Pid<? super Q> server, Q request, Duration timeout) {
    return of(() -> GenServer.<R, Q>call(server, request, timeout));
  }

  /// Any stage of the runtime as a Uni on the subscriber's context.
  ///
  /// @param stage starts the work; called once for every subscription
  /// @param <T> the type of the value
  /// @return its outcome
  public static <T> Uni<T> of(Supplier<? extends CompletionStage<T>> stage) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              Context context = Vertx.currentContext();
              stage
                  .get()
                  .whenComplete(
                      (value, failure) -> {
                        if (context == null || context.equals(Vertx.currentContext())) {
                          settle(emitter, value, failure);
                        } else {
                          context.runOnContext(ignored -> settle(emitter, value, failure));
                        }
                      });
            });
  }

  private static <T> void settle(
      io.smallrye.mutiny.subscription.UniEmitter<? super T> emitter,
      @Nullable T value,
      @Nullable Throwable failure) {
    if (failure != null) {
      emitter.fail(failure);
    } else {
      emitter.complete(value);
    }
  }
}
