package dev.athanor.otp.testing;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A process that stands in for a test: it traps exits, and whatever reaches it, messages and
/// signals, is kept in the order of arrival for the test to look at.
///
/// [#expect] and its kin wait for an arrival: under the deterministic scheduler in virtual time,
/// which moves only as far as it has to, otherwise in real time. They take what they wait for and
/// leave everything else where it is, as a selective receive does. [#received] takes everything
/// without waiting.
///
/// May be used from any thread; under the deterministic scheduler from the test's.
///
/// @param <M> the messages it takes
public final class Probe<M> {
  private record Order(Function<Self<Object>, ?> action, CompletableFuture<Object> outcome) {}

  /// How long is waited unless told otherwise: 1 second.
  public static final Duration PATIENCE = Duration.ofSeconds(1);

  private final BlockingQueue<Object> arrivals = new LinkedBlockingQueue<>();

  /// Taken out of the queue while something else was expected; the test's thread only.
  private final List<Object> passedOver = new ArrayList<>();

  private final Node node;
  private final Pid<Object> pid;

  private Probe(Node node) {
    this.node = node;
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
    List<Object> all = new ArrayList<>(passedOver);
    passedOver.clear();
    arrivals.drainTo(all);
    return all;
  }

  /// Waits for a message or signal of a type, for a second.
  ///
  /// @param type its class
  /// @param <T> its type
  /// @return the first such arrival
  /// @throws AssertionError when none came
  public <T> T expect(Class<T> type) {
    return expect(type, arrival -> true, PATIENCE);
  }

  /// Waits for a certain message or signal.
  ///
  /// @param type its class
  /// @param wanted which one
  /// @param within how long
  /// @param <T> its type
  /// @return the first such arrival
  /// @throws AssertionError when none came
  public <T> T expect(Class<T> type, Predicate<? super T> wanted, Duration within) {
    Object found =
        await(arrival -> type.isInstance(arrival) && wanted.test(type.cast(arrival)), within);
    if (found == null) {
      throw new AssertionError(
          "expected %s to get a %s within %s, got %s%s"
              .formatted(pid, type.getSimpleName(), within, passedOver, seed()));
    }
    return type.cast(found);
  }

  /// Waits for a message or signal that equals this one, for a second.
  ///
  /// @param wanted what
  /// @param <T> its type
  /// @return the arrival
  /// @throws AssertionError when it did not come
  public <T> T expect(T wanted) {
    Object found = await(wanted::equals, PATIENCE);
    if (found == null) {
      throw new AssertionError(
          "expected %s to get %s within %s, got %s%s"
              .formatted(pid, wanted, PATIENCE, passedOver, seed()));
    }
    return wanted;
  }

  /// Waits for the end of a process it monitors.
  ///
  /// @param monitored the process
  /// @return why it ended
  /// @throws AssertionError when no down message came
  public ExitReason expectDown(Pid<?> monitored) {
    return expect(Signal.Down.class, down -> down.pid().equals(monitored), PATIENCE).reason();
  }

  /// Waits for the end of a process it is linked to.
  ///
  /// @param linked the process
  /// @return why it ended
  /// @throws AssertionError when no exit signal came
  public ExitReason expectExit(Pid<?> linked) {
    return expect(Signal.Exit.class, exit -> exit.from().equals(linked), PATIENCE).reason();
  }

  /// Makes sure that nothing is there and nothing comes for some time, all of which passes.
  ///
  /// @param during how long
  /// @throws AssertionError when something came
  public void expectNone(Duration during) {
    Object found = await(arrival -> true, during);
    if (found != null) {
      throw new AssertionError(
          "expected %s to get nothing for %s, got %s%s".formatted(pid, during, found, seed()));
    }
  }

  private @Nullable Object await(Predicate<Object> wanted, Duration within) {
    AtomicReference<@Nullable Object> found = new AtomicReference<>(passed(wanted));
    if (found.get() == null && node.scheduler() instanceof DeterministicScheduler virtual) {
      var _ =
          virtual.runUntil(
              () -> {
                found.set(passed(wanted));
                return found.get() != null;
              },
              within);
      return found.get();
    }
    long end = System.nanoTime() + within.toNanos();
    while (found.get() == null) {
      try {
        Object next = arrivals.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (next == null) {
          return null;
        }
        passedOver.add(next);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
      found.set(passed(wanted));
    }
    return found.get();
  }

  private @Nullable Object passed(Predicate<Object> wanted) {
    arrivals.drainTo(passedOver);
    for (int i = 0; i < passedOver.size(); i++) {
      if (wanted.test(passedOver.get(i))) {
        return passedOver.remove(i);
      }
    }
    return null;
  }

  private String seed() {
    return node.scheduler() instanceof DeterministicScheduler virtual
        ? " (seed " + virtual.seed() + ")"
        : "";
  }

  /// Waits on real threads for the next arrival.
  ///
  /// @param limit how long
  /// @return a message or a signal, or null when none came
  /// @throws InterruptedException when the test is interrupted
  public @Nullable Object next(Duration limit) throws InterruptedException {
    if (!passedOver.isEmpty()) {
      return passedOver.removeFirst();
    }
    return arrivals.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  private final class Ears implements Behavior<Object> {
    @Override
    public void onMessage(Self<Object> self, Object message) {
      if (message instanceof Order order) {
        try {
          var _ = Node.complete(order.outcome(), order.action().apply(self));
        } catch (Throwable failure) {
          var _ = Node.fail(order.outcome(), failure);
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
