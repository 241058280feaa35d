package dev.athanor.otp.stress;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Scheduler;
import dev.athanor.otp.process.Self;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A node whose turns wait until a racing thread runs them: both sides of a mailbox are then in the
/// hands of the race.
final class Bench implements Scheduler, Lane {

  private final ConcurrentLinkedQueue<Runnable> turns = new ConcurrentLinkedQueue<>();
  private final Node node = Node.on(this);

  Node node() {
    return node;
  }

  <M> Pid<M> spawn(Receiver<M> receiver) {
    Pid<M> pid =
        node.spawn(
            new Behavior<M>() {
              @Override
              public void onMessage(Self<M> self, M message) {
                receiver.receive(message);
              }
            });
    run();
    return pid;
  }

  Pid<Object> spawn() {
    return spawn(message -> {});
  }

  /// Runs turns until none waits.
  void run() {
    for (Runnable turn = turns.poll(); turn != null; turn = turns.poll()) {
      turn.run();
    }
  }

  @Override
  public void execute(Runnable turn) {
    turns.add(turn);
  }

  @Override
  public Kind kind() {
    return Kind.EVENT_LOOP;
  }

  @Override
  public Lane lane(Kind kind) {
    return this;
  }

  @Override
  public Cancellable schedule(long delayNanos, Runnable task) {
    return () -> {};
  }

  @Override
  public long nanoTime() {
    return 0;
  }

  @Override
  public boolean onEventLoop() {
    return false;
  }

  @FunctionalInterface
  interface Receiver<M> {
    void receive(M message);
  }
}
