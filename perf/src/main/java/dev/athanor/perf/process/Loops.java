package dev.athanor.perf.process;

import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.vertx.VertxScheduler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A node on event loops of its own, as every benchmark of processes needs one: two loops, since
/// the results are recorded on two cores. Benchmark threads are the third and wait while it works.
public final class Loops {
  private static final int LOOPS = 2;

  /// System property: for how many microseconds an idle loop spins at most before it sleeps; 20 by
  /// default, as for everybody.
  private static final String SPIN = "athanor.perf.spinMicros";

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS));
  private final VertxScheduler scheduler =
      new VertxScheduler(vertx, Duration.ofNanos(1_000L * Integer.getInteger(SPIN, 20)));
  private final Node node = Node.on(scheduler);

  /// Starts the loops.
  public Loops() {}

  /// The node. Any thread.
  public Node node() {
    return node;
  }

  /// One of the loops, in turn, when called from outside of them.
  public Lane nextLane() {
    return scheduler.lane(Kind.EVENT_LOOP);
  }

  /// Kills what is left on the node and ends the loops; waits up to 10 s.
  ///
  /// @throws Exception if they do not end in time
  public void end() throws Exception {
    node.close();
    scheduler.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
