package dev.athanor.otp.testing;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.Signal;
import dev.athanor.otp.process.SpawnOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A process that stands in for a test: it traps exits, and whatever reaches it, messages and
/// signals, is kept in the order of arrival for the test to look at.
///
/// Under the deterministic scheduler use [#received]; on real threads [#next], which waits. May be
/// used from any thread.
///
/// @param <M> the messages it takes
public final class Probe<M> {
  private record Order(Function<Self<Object>, ?> action, CompletableFuture<Object> outcome) {}

  private final BlockingQueue<Object> arrivals = new LinkedBlockingQueue<>();
  private final Pid<Object> pid;

  private Probe(Node node) {
    this.pid = node.spawn(new Ears(), SpawnOptions.DEFAULT.trapExit(true));
  }

  /// Spawns a probe.
  ///
  /// @param node where
  /// @param <M> the messages it takes
  /// @return the probe
  public static <M> Probe<M> on(Node node) {
    return new Probe<>(node);
  }

  /// Its pid, to be handed to those under test.
  ///
  /// @return the pid
  @SuppressWarnings("unchecked")
  public Pid<M> pid() {
    return (Pid<M>) (Pid<?>) pid;
  }

  /// Does something as the process: link, monitor, start a child.
  ///
  /// @param action what to do, in a turn of the probe
  /// @param <T> what it returns
  /// @return its outcome
  @SuppressWarnings("unchecked")
  public <T> CompletableFuture<T> run(Function<Self<Object>, T> action) {
    CompletableFuture<Object> outcome = new CompletableFuture<>();
    pid.send(new Order(action, outcome));
    return (CompletableFuture<T>) outcome;
  }

  /// Takes everything that has arrived.
  ///
  /// @return messages and signals in the order of arrival
  public List<Object> received() {
    List<Object> all = new ArrayList<>();
    arrivals.drainTo(all);
    return all;
  }

  /// Waits on real threads for the next arrival.
  ///
  /// @param limit how long
  /// @return a message or a signal, or null when none came
  /// @throws InterruptedException when the test is interrupted
  public @Nullable Object next(Duration limit) throws InterruptedException {
    return arrivals.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  private final class Ears implements Behavior<Object> {
    @Override
    public void onMessage(Self<Object> self, Object message) {
      if (message instanceof Order order) {
        try {
          order.outcome().complete(order.action().apply(self));
        } catch (RuntimeException failure) {
          order.outcome().completeExceptionally(failure);
        }
      } else {
        arrivals.add(message);
      }
    }

    @Override
    public void onSignal(Self<Object> self, Signal signal) {
      arrivals.add(signal);
    }
  }
}
