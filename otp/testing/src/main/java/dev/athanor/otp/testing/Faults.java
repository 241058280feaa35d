package dev.athanor.otp.testing;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What goes wrong on a node under test: messages between certain processes are lost or late, and
/// processes are killed when a certain message is sent to them.
///
/// ```
/// DeterministicScheduler scheduler = new DeterministicScheduler(seed);
/// Faults faults = new Faults(scheduler);
/// Node node = Node.builder(scheduler).wire(faults).build();
/// faults.drop(Who.named("web"), Who.named("store")).when(Put.class::isInstance).times(1);
/// faults.delay(Who.anybody(), Who.named("store"), Duration.ofMillis(20)).chance(0.5);
/// ```
///
/// Messages are looked at as they are sent: those of a server's clients come wrapped as calls and
/// casts, whose content [Fault#when] is shown. Signals (links, exits, downs, replies, timers) can
/// be late but are never lost, as between processes of one node. The order between two processes is
/// kept, also when a delay ends. Chance comes from the scheduler's seed. One thread, as the
/// scheduler.
public final class Faults implements Node.Wire {
  private final DeterministicScheduler scheduler;
  private final List<Fault> faults = new ArrayList<>();
  private final Map<Pair, Long> lastDue = new HashMap<>();
  private long lost;
  private long late;

  private record Pair(@Nullable Pid<?> from, Pid<?> to) {}

  private enum Kind {
    DROP,
    DELAY,
    KILL
  }

  /// Makes a wire on which nothing goes wrong yet.
  ///
  /// @param scheduler the scheduler of the node it is for
  public Faults(DeterministicScheduler scheduler) {
    this.scheduler = scheduler;
  }

  /// Something that goes wrong until it is healed.
  public final class Fault {
    private final Kind kind;
    private final Who from;
    private final Who to;
    private final long nanos;
    private Predicate<Object> condition = message -> true;
    private boolean signalsToo = true;
    private double chance = 1;
    private long left = Long.MAX_VALUE;

    private Fault(Kind kind, Who from, Who to, long nanos) {
      this.kind = kind;
      this.from = from;
      this.to = to;
      this.nanos = nanos;
    }

    /// Only for certain messages; then not for signals.
    ///
    /// @param wanted shown each message; of a call or cast, what was called or cast
    /// @return this
    public Fault when(Predicate<Object> wanted) {
      condition = wanted;
      signalsToo = false;
      return this;
    }

    /// Only now and then.
    ///
    /// @param probability from 0 to 1
    /// @return this
    public Fault chance(double probability) {
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException("a chance is from 0 to 1, got " + probability);
      }
      chance = probability;
      return this;
    }

    /// Only the next so many times.
    ///
    /// @param count how often
    /// @return this
    public Fault times(int count) {
      left = count;
      return this;
    }

    /// From now on it no longer happens; what is late already stays late.
    public void heal() {
      faults.remove(this);
    }

    private boolean strikes(
        @Nullable Pid<?> sender, Pid<?> receiver, @Nullable Object message, Random random) {
      if (left == 0 || !from.is(sender) || !to.is(receiver)) {
        return false;
      }
      if (message == null ? !signalsToo || kind != Kind.DELAY : !condition.test(message)) {
        return false;
      }
      if (chance < 1 && random.nextDouble() >= chance) {
        return false;
      }
      left--;
      return true;
    }
  }

  /// Loses messages.
  ///
  /// @param from who sends them
  /// @param to who should get them
  /// @return the fault, to be narrowed or healed
  public Fault drop(Who from, Who to) {
    return add(new Fault(Kind.DROP, from, to, -1));
  }

  /// Delivers messages and signals later.
  ///
  /// @param from who sends them
  /// @param to who gets them
  /// @param delay how much later
  /// @return the fault, to be narrowed or healed
  public Fault delay(Who from, Who to, Duration delay) {
    return add(new Fault(Kind.DELAY, from, to, delay.toNanos()));
  }

  /// Kills the receiver instead of delivering a message.
  ///
  /// @param from who sends it
  /// @param to who is killed
  /// @return the fault, to be narrowed or healed
  public Fault killOnMessage(Who from, Who to) {
    return add(new Fault(Kind.KILL, from, to, 0));
  }

  private Fault add(Fault fault) {
    faults.add(fault);
    return fault;
  }

  /// Kills every process that is meant and alive; the scheduler has to run for it to happen.
  ///
  /// @param node where
  /// @param who whom
  /// @return how many
  public int kill(Node node, Who who) {
    List<Pid<?>> victims = node.processes().filter(who::is).toList();
    victims.forEach(victim -> node.exit(victim, ExitReason.KILL));
    return victims.size();
  }

  /// Heals everything.
  public void heal() {
    faults.clear();
  }

  /// How many messages were lost so far.
  ///
  /// @return the count, of killing messages too
  public long lost() {
    return lost;
  }

  /// How many messages and signals were late so far.
  ///
  /// @return the count
  public long late() {
    return late;
  }

  @Override
  public long carry(@Nullable Pid<?> from, Pid<?> to, @Nullable Object message) {
    Object content = message instanceof Pid.Wrapper wrapper ? wrapper.content() : message;
    long delay = 0;
    for (Fault fault : List.copyOf(faults)) {
      if (fault.strikes(from, to, content, scheduler.random())) {
        switch (fault.kind) {
          case DROP -> {
            lost++;
            return -1;
          }
          case KILL -> {
            lost++;
            to.node().exit(to, ExitReason.KILL);
            return -1;
          }
          case DELAY -> delay += fault.nanos;
        }
      }
    }
    return inOrder(new Pair(from, to), delay);
  }

  private long inOrder(Pair pair, long delay) {
    long now = scheduler.nanoTime();
    long due = now + delay;
    Long last = lastDue.get(pair);
    if (last != null) {
      if (last > now || delay > 0) {
        due = Math.max(due, last);
      } else {
        lastDue.remove(pair);
      }
    }
    if (due == now) {
      return 0;
    }
    lastDue.put(pair, due);
    late++;
    return due - now;
  }
}
