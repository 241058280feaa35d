package dev.athanor.otp.server;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.MonitorRef;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.SpawnOptions;
import dev.athanor.otp.process.TimerRef;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// The part of a server process that its callbacks see as [ServerSelf]: hands on to the process.
abstract class ServerHandle<M> implements ServerSelf<M> {
  static final byte INIT = 1;
  static final byte CALL = 2;
  static final byte CAST = 3;
  static final byte INFO = 4;
  static final byte CONTINUE = 5;
  static final byte TERMINATE = 6;
  private static final @Nullable String[] CALLBACKS = {
    null, "init", "handleCall", "handleCast", "handleInfo", "handleContinue", "terminate"
  };

  private @Nullable Self<Object> process;

  /// The callback it is in or was in last; read from outside without order.
  byte doing;

  /// For a look from outside.
  ///
  /// @return the callback it is in or was in last
  public final @Nullable String callback() {
    return CALLBACKS[doing];
  }

  final void attach(Self<Object> started) {
    process = started;
  }

  final Self<Object> process() {
    return Objects.requireNonNull(process);
  }

  @Override
  @SuppressWarnings("unchecked")
  public final Pid<M> pid() {
    return (Pid<M>) (Pid<?>) process().pid();
  }

  @Override
  public final Node node() {
    return process().node();
  }

  @Override
  public final <X> Pid<X> spawnLink(Behavior<X> behavior, SpawnOptions options) {
    return process().spawnLink(behavior, options);
  }

  @Override
  public final <X> Monitored<X> spawnMonitor(Behavior<X> behavior, SpawnOptions options) {
    return process().spawnMonitor(behavior, options);
  }

  @Override
  public final void link(Pid<?> other) {
    process().link(other);
  }

  @Override
  public final void unlink(Pid<?> other) {
    process().unlink(other);
  }

  @Override
  public final MonitorRef monitor(Pid<?> other) {
    return process().monitor(other);
  }

  @Override
  public final boolean demonitor(MonitorRef ref, boolean flush) {
    return process().demonitor(ref, flush);
  }

  @Override
  public final boolean trapExit(boolean trap) {
    return process().trapExit(trap);
  }

  @Override
  public final void exit(Pid<?> target, ExitReason reason) {
    process().exit(target, reason);
  }

  @Override
  public final <X> TimerRef sendAfter(Duration delay, Pid<? super X> target, X message) {
    return process().sendAfter(delay, target, message);
  }

  @Override
  public final <X> TimerRef sendInterval(Duration period, Pid<? super X> target, X message) {
    return process().sendInterval(period, target, message);
  }

  @Override
  public final boolean cancel(TimerRef timer) {
    return process().cancel(timer);
  }

  @Override
  public final void register(String name) {
    process().register(name);
  }

  @Override
  public final <T extends @Nullable Object> void await(
      CompletionStage<T> stage,
      BiConsumer<? super @Nullable T, ? super @Nullable Throwable> continuation) {
    process()
        .await(
            stage,
            (value, failure) -> {
              try {
                continuation.accept(value, failure);
              } catch (Throwable crash) {
                crashed(crash, continuation);
                return;
              }
              afterContinuation();
            });
  }

  @Override
  public final <T extends @Nullable Object> void pipe(
      CompletionStage<T> stage,
      BiFunction<? super @Nullable T, ? super @Nullable Throwable, ? extends M> toCast) {
    await(stage, (value, failure) -> GenServer.cast(pid(), toCast.apply(value, failure)));
  }

  /// A callback threw while it dealt with `last`.
  abstract void crashed(Throwable failure, Object last);

  /// A continuation returned; it may have asked for the end.
  abstract void afterContinuation();
}
