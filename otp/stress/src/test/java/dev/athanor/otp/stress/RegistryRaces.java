package dev.athanor.otp.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.registry.Groups;
import dev.athanor.otp.registry.Registration;
import dev.athanor.otp.registry.Registry;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// Races for keys and groups.
public class RegistryRaces {

  private static int taken(Registration outcome) {
    return outcome instanceof Registration.Registered ? 1 : 0;
  }

  /// Two processes want one key.
  @JCStressTest
  @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "the first has it")
  @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "the second has it")
  @Outcome(expect = FORBIDDEN, desc = "both or neither, or another is found")
  @State
  public static class UniqueKey {
    private final Bench bench = new Bench();
    private final Pid<Object> one = bench.spawn();
    private final Pid<Object> two = bench.spawn();
    private final Registry<String, Integer> registry =
        Registry.<String, Integer>unique("race").create(bench.node());

    @Actor
    public void first(III_Result r) {
      r.r1 = taken(registry.register(one, "key", 1));
    }

    @Actor
    public void second(III_Result r) {
      r.r2 = taken(registry.register(two, "key", 2));
    }

    @Arbiter
    public void end(III_Result r) {
      Pid<?> holder = registry.whereis("key");
      r.r3 = one.equals(holder) ? 1 : two.equals(holder) ? 2 : 0;
    }
  }

  /// A process registers while it is killed.
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "no entry outlives its process")
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "registered in time, and gone with it")
  @Outcome(expect = FORBIDDEN, desc = "an entry of the dead")
  @State
  public static class RegisterAndExit {
    private final Bench bench = new Bench();
    private final Pid<Object> pid = bench.spawn();
    private final Registry<String, Integer> registry =
        Registry.<String, Integer>duplicate("race").create(bench.node());

    @Actor
    public void register(II_Result r) {
      r.r1 = taken(registry.register(pid, "key", 1));
    }

    @Actor
    public void kill() {
      bench.node().exit(pid, ExitReason.KILL);
      bench.run();
    }

    @Arbiter
    public void end(II_Result r) {
      r.r2 = (int) registry.count("key") + registry.keys().size() + registry.keys(pid).size();
    }
  }

  /// The last member leaves a group while another joins it.
  @JCStressTest
  @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "one left, one came")
  @Outcome(expect = FORBIDDEN, desc = "the newcomer was lost with the empty group")
  @State
  public static class LeaveAndJoin {
    private final Bench bench = new Bench();
    private final Pid<Object> one = bench.spawn();
    private final Pid<Object> two = bench.spawn();
    private final Groups<String> groups = Groups.create(bench.node(), "race");

    /// One is a member when the race begins.
    public LeaveAndJoin() {
      groups.join("group", one);
    }

    @Actor
    public void leave(III_Result r) {
      r.r1 = groups.leave("group", one) ? 1 : 0;
    }

    @Actor
    public void join(III_Result r) {
      r.r2 = groups.join("group", two) ? 1 : 0;
    }

    @Arbiter
    public void end(III_Result r) {
      r.r3 = groups.members("group").size();
    }
  }
}
