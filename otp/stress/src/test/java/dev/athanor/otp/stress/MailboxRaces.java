package dev.athanor.otp.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// Races for a mailbox and for the right to run a process.
public class MailboxRaces {

  /// Two senders of two messages each.
  @JCStressTest
  @Outcome(id = "4, 0", expect = ACCEPTABLE, desc = "all arrived, each sender's in order")
  @Outcome(expect = FORBIDDEN, desc = "lost, repeated or out of order")
  @State
  public static class TwoSenders {
    private final Bench bench = new Bench();
    private int count;
    private int disorder;
    private int lastOfFirst;
    private int lastOfSecond = 10;
    private final Pid<Integer> pid = bench.spawn(this::receive);

    private void receive(Integer message) {
      count++;
      if (message < 10) {
        disorder += message < lastOfFirst ? 1 : 0;
        lastOfFirst = message;
      } else {
        disorder += message < lastOfSecond ? 1 : 0;
        lastOfSecond = message;
      }
    }

    @Actor
    public void first() {
      pid.send(1);
      pid.send(2);
    }

    @Actor
    public void second() {
      pid.send(11);
      pid.send(12);
    }

    @Arbiter
    public void end(II_Result r) {
      bench.run();
      r.r1 = count;
      r.r2 = disorder;
    }
  }

  /// A message that arrives while the turn before it ends.
  @JCStressTest
  @Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "all handled, one turn at a time")
  @Outcome(expect = FORBIDDEN, desc = "a lost wake-up, or two turns at once")
  @State
  public static class WakeUp {
    private final Bench bench = new Bench();
    private final AtomicInteger inside = new AtomicInteger();
    private int count;
    private int together;
    private final Pid<Integer> pid = bench.spawn(this::receive);

    /// One message waits when the race begins.
    public WakeUp() {
      pid.send(0);
    }

    private void receive(Integer message) {
      together += inside.getAndIncrement();
      count++;
      inside.decrementAndGet();
    }

    @Actor
    public void sender() {
      pid.send(1);
      pid.send(2);
      bench.run();
    }

    @Actor
    public void loop() {
      bench.run();
    }

    @Arbiter
    public void end(II_Result r) {
      bench.run();
      r.r1 = count;
      r.r2 = together;
    }
  }

  /// A message to a process that is being killed.
  @JCStressTest
  @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "handled before")
  @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "refused once")
  @Outcome(expect = FORBIDDEN, desc = "lost, or answered twice, or the process lives on")
  @State
  public static class SendAndKill {
    private final Bench bench = new Bench();
    private final AtomicInteger handled = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Pid<Letter> pid = bench.spawn(letter -> handled.incrementAndGet());

    record Letter(AtomicInteger refusals) implements Pid.Undelivered {
      @Override
      public void undelivered(Pid<?> receiver, ExitReason reason) {
        refusals.incrementAndGet();
      }
    }

    @Actor
    public void sender() {
      pid.send(new Letter(refused));
      bench.run();
    }

    @Actor
    public void killer() {
      bench.node().exit(pid, ExitReason.KILL);
      bench.run();
    }

    @Arbiter
    public void end(III_Result r) {
      bench.run();
      r.r1 = handled.get();
      r.r2 = refused.get();
      r.r3 = pid.isAlive() ? 1 : 0;
    }
  }
}
