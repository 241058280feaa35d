package dev.athanor.otp.process;

import dev.athanor.otp.telemetry.Telemetry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One running instance of the runtime: a set of processes with their names and telemetry, on one
/// scheduler. Corresponds to an Erlang node.
///
/// All methods may be called from any thread. An application has one node as a rule; tests have one
/// each.
public final class Node extends NodeNames implements AutoCloseable {
  private final Scheduler scheduler;
  private final Telemetry telemetry;
  private final DeadlineList.Lists deadlines;
  private final int turnBudget;
  private final long turnSliceNanos;
  private final @Nullable Wire wire;
  private final AtomicLong ids = new AtomicLong();
  private final ProcessTable table = new ProcessTable();
  private final ConcurrentMap<Lane, Strand> strands = new ConcurrentHashMap<>();
  private final LossReport deadLetters;
  private final LossReport lostMessages;
  private final MessageTypes messageTypes;
  private final boolean checksMessages;
  private final Scheduler.Cancellable watchdog;

  private Node(Builder builder) {
    this.scheduler = builder.scheduler;
    this.telemetry = builder.telemetry;
    this.deadlines = new DeadlineList.Lists(scheduler);
    this.turnBudget = builder.turnBudget;
    this.turnSliceNanos = builder.turnSliceNanos;
    this.wire = builder.wire;
    this.deadLetters = new LossReport(scheduler, telemetry, "athanor.process.dead_letters");
    this.lostMessages = new LossReport(scheduler, telemetry, "athanor.process.messages_dropped");
    this.messageTypes = new MessageTypes(this, builder.mutableMessages);
    this.checksMessages = builder.mutableMessages != MutableMessages.IGNORE;
    long allowed = builder.watchdogNanos;
    this.watchdog = allowed == 0 ? () -> {} : Watchdog.on(this, allowed);
  }

  /// What is done about messages that can be changed after they were sent: arrays, the mutable
  /// classes of the JDK (collections, dates, builders, buffers), and records with a component
  /// declared as one. Two processes that share such a message share state, which is what processes
  /// are there to avoid. Each class is looked at once; a component declared as an interface, List
  /// for instance, may hold anything and passes. Checking costs a lookup a send.
  public enum MutableMessages {
    /// Nothing, at no cost: the default.
    IGNORE,
    /// `athanor.process.mutable_message` once for each class.
    REPORT,
    /// [IllegalArgumentException] to the sender.
    REFUSE
  }

  /// Something that gives up after a while, of which there are very many and few ever do: the
  /// timeout of a call, for instance. Arming and cancelling cost a list operation; only the oldest
  /// deadline of its length keeps a timer. Armed with [#arm], once in its life.
  public abstract static class Deadline {
    /// Guarded by the list.
    @Nullable Deadline previous;

    /// Guarded by the list.
    @Nullable Deadline next;

    /// Guarded by the list.
    boolean listed;

    long dueNanos;

    /// Set before the deadline is published in its list, read by whoever cancels.
    private volatile @Nullable DeadlineList list;

    /// Makes a deadline that is not armed.
    protected Deadline() {}

    /// The time is up. Called at most once, on a thread of the scheduler; must not block or throw.
    protected abstract void expired();

    /// Calls it off, from any thread. Idempotent, and without effect once it has expired.
    public final void disarm() {
      DeadlineList current = list;
      if (current != null) {
        current.remove(this);
      }
    }

    final void enter(DeadlineList entered) {
      list = entered;
    }
  }

  /// What lies between the processes of a node under test: asked about everything that is sent.
  @FunctionalInterface
  public interface Wire {
    /// Decides over one message or signal, on the thread of the sender; must not block or throw.
    ///
    /// @param from the process whose turn or work sends it; null from outside and for timers
    /// @param to the receiver
    /// @param message the message; null for a signal, which can be delayed but not lost
    /// @return 0 to deliver it at once, nanoseconds to deliver it later, negative to lose it
    long carry(@Nullable Pid<?> from, Pid<?> to, @Nullable Object message);
  }

  /// Starts the description of a node.
  ///
  /// @param scheduler what its processes run on; stays open when the node is closed
  /// @return a builder with the defaults
  public static Builder builder(Scheduler scheduler) {
    return new Builder(scheduler);
  }

  /// A node with the defaults.
  ///
  /// @param scheduler what its processes run on
  /// @return the node
  public static Node on(Scheduler scheduler) {
    return builder(scheduler).build();
  }

  /// How a node is to be made.
  public static final class Builder {
    private final Scheduler scheduler;
    private Telemetry telemetry = new Telemetry();
    private int turnBudget = 256;
    private long turnSliceNanos = 50_000;
    private long watchdogNanos = 100_000_000;
    private MutableMessages mutableMessages = MutableMessages.IGNORE;
    private @Nullable Wire wire;

    private Builder(Scheduler scheduler) {
      this.scheduler = scheduler;
    }

    /// The switchboard its events go to; a new one by default.
    ///
    /// @param value the switchboard
    /// @return this
    public Builder telemetry(Telemetry value) {
      telemetry = value;
      return this;
    }

    /// How many messages a process handles before others on its lane have their turn; 256 by
    /// default.
    ///
    /// @param messages at least 1
    /// @return this
    public Builder turnBudget(int messages) {
      if (messages < 1) {
        throw new IllegalArgumentException("a turn needs a budget of at least 1, got " + messages);
      }
      turnBudget = messages;
      return this;
    }

    /// How long a process goes on after the first message of a turn before others on its lane have
    /// theirs, looked at after every message that takes long and every few short ones; 50
    /// microseconds by default.
    ///
    /// @param slice above zero
    /// @return this
    public Builder turnSlice(Duration slice) {
      if (slice.isNegative() || slice.isZero()) {
        throw new IllegalArgumentException("a turn needs a slice above zero, got " + slice);
      }
      turnSliceNanos = nanos(slice);
      return this;
    }

    /// Puts something between its processes that loses or delays what they send each other; for
    /// tests. Every process of the node pays for it.
    ///
    /// @param value the wire
    /// @return this
    public Builder wire(Wire value) {
      wire = value;
      return this;
    }

    /// How long a callback may hold an event loop before `athanor.process.loop_held` tells of it,
    /// with the process, the callback and its stack, once; 100 milliseconds by default. Found by
    /// looking four times in that time, so it comes up to half of that time later. Nothing is
    /// watched under a scheduler without real time.
    ///
    /// @param allowed above zero, or null to watch nothing
    /// @return this
    public Builder watchdog(@Nullable Duration allowed) {
      if (allowed != null && (allowed.isNegative() || allowed.isZero())) {
        throw new IllegalArgumentException(
            "a watchdog allows a time above zero, got " + allowed + "; null for no watchdog");
      }
      watchdogNanos = allowed == null ? 0 : nanos(allowed);
      return this;
    }

    /// What is done about mutable messages; nothing by default. Meant for development and tests.
    ///
    /// @param policy what to do
    /// @return this
    public Builder mutableMessages(MutableMessages policy) {
      mutableMessages = policy;
      return this;
    }

    /// Makes the node.
    ///
    /// @return a node without processes
    public Node build() {
      return new Node(this);
    }
  }

  /// Spawns a process of the default kind that is linked to nobody.
  ///
  /// @param behavior what it does; a new instance for every process
  /// @param <M> its messages
  /// @return its pid, valid at once
  public <M> Pid<M> spawn(Behavior<M> behavior) {
    return spawn(behavior, SpawnOptions.DEFAULT);
  }

  /// Spawns a process that is linked to nobody.
  ///
  /// @param behavior what it does; a new instance for every process
  /// @param options kind and lane
  /// @param <M> its messages
  /// @return its pid, valid at once
  /// @throws IllegalStateException when the node is closed
  public <M> Pid<M> spawn(Behavior<M> behavior, SpawnOptions options) {
    Cell<M> cell = make(behavior, options);
    cell.launch();
    return cell;
  }

  <M> Cell<M> make(Behavior<M> behavior, SpawnOptions options) {
    Lane lane = options.lane();
    if (lane == null) {
      lane = scheduler.lane(options.kind());
    }
    Strand strand = strands.get(lane);
    if (strand == null) {
      strand = strands.computeIfAbsent(lane, wanted -> new Strand(this, wanted));
    }
    Objects.requireNonNull(behavior, "behavior");
    long id = ids.incrementAndGet();
    Cell<M> cell =
        wire == null
            ? new Cell<>(id, strand, behavior, options, checksMessages)
            : new WiredCell<>(id, strand, behavior, options, checksMessages, wire);
    if (!options.callers().isEmpty()) {
      cell.extras().callers = options.callers();
    }
    if (!table.add(cell)) {
      throw new IllegalStateException("the node is closed; no process can be spawned on it");
    }
    return cell;
  }

  /// Sends an exit signal from outside: an operator's kill. [ExitReason.Kill] cannot be trapped.
  ///
  /// @param target who
  /// @param reason why
  public void exit(Pid<?> target, ExitReason reason) {
    ((Cell<?>) target).signal(new Signals.Exit(null, reason, Signals.Exit.Via.REQUEST));
  }

  /// Kills a process whose start takes too long, without a signal to the parent that waits for the
  /// outcome of the start. For packages that offer a start with a timeout.
  ///
  /// @param child the process
  /// @param parent who is linked to it and is to hear nothing; null for nobody
  public void abandonStart(Pid<?> child, @Nullable Pid<?> parent) {
    ((Cell<?>) child).signal(new Signals.Abandon((Cell<?>) parent));
  }

  /// Completes with the reason when the process has ended, after its links and monitors were
  /// signalled; with [ExitReason.NoProcess] at once when it is dead. Stages that depend on the
  /// result run on the thread of the process and must be quick.
  ///
  /// @param pid the process
  /// @return its end
  public CompletionStage<ExitReason> exited(Pid<?> pid) {
    Signals.Watch watch = new Signals.Watch();
    ((Cell<?>) pid).pushOrRefuse(watch);
    return watch.ended();
  }

  /// Asks something of a live process in its place among the messages, even while it is suspended.
  /// Operators use package sys, which is built on this.
  ///
  /// @param pid the process
  /// @param request what to do in it, or when it is gone
  public void system(Pid<?> pid, Behavior.SystemRequest request) {
    SystemCall.send((Cell<?>) pid, request);
  }

  /// Gives a process something that is released when it ends. Given twice, it counts once.
  ///
  /// @param pid the owner
  /// @param property what it owns; compared with equals
  /// @return false when the process is dead: then nothing was attached and nothing is released
  public boolean own(Pid<?> pid, Owned property) {
    return ((Cell<?>) pid).extras().own(property);
  }

  /// Takes back what was given with [#own]. When it returns true the release does not happen.
  ///
  /// @param pid the owner
  /// @param property what it owns
  /// @return whether it was attached
  public boolean disown(Pid<?> pid, Owned property) {
    return ((Cell<?>) pid).extras().disown(property);
  }

  /// Sends a message later, whatever happens to the caller.
  ///
  /// @param delay how long to wait
  /// @param target the receiver
  /// @param message the message
  /// @param <M> the type of the message
  /// @return the timer
  public <M> TimerRef sendAfter(Duration delay, Pid<? super M> target, M message) {
    return TimerRef.start(null, (Cell<?>) target, message, nanos(delay), 0);
  }

  /// Arms a deadline: the cheap sort of timer, for what hardly ever expires.
  ///
  /// @param deadline a deadline that was never armed
  /// @param duration when it expires, from now
  public void arm(Deadline deadline, Duration duration) {
    deadlines.arm(deadline, nanos(duration));
  }

  /// On whose behalf a process works: who asked for it, who asked for that one, and so on
  /// (`$callers`).
  ///
  /// @param pid the process, dead or alive
  /// @return the chain, nearest first; empty for whatever was spawned without one
  public List<Pid<?>> callers(Pid<?> pid) {
    return ((Cell<?>) pid).callers();
  }

  /// Looks at one process.
  ///
  /// @param pid the process, dead or alive
  /// @return what is known of it
  public ProcessInfo info(Pid<?> pid) {
    return Look.at((Cell<?>) pid);
  }

  /// Whom a process is linked to; any thread, as it stands.
  ///
  /// @param pid the process, dead or alive
  /// @return the others
  public List<Pid<?>> links(Pid<?> pid) {
    return Look.linked((Cell<?>) pid);
  }

  /// Whom a process monitors, as often as it does; any thread, as it stands.
  ///
  /// @param pid the process, dead or alive
  /// @return the others
  public List<Pid<?>> monitors(Pid<?> pid) {
    return Look.monitored((Cell<?>) pid);
  }

  /// Who monitors a process, as often as they do; any thread, as it stands.
  ///
  /// @param pid the process, dead or alive
  /// @return the others
  public List<Pid<?>> monitoredBy(Pid<?> pid) {
    return Look.watching((Cell<?>) pid);
  }

  /// All live processes, as a snapshot in no particular order.
  ///
  /// @return the processes
  public Stream<Pid<?>> processes() {
    return table.snapshot().stream();
  }

  /// Tells of every process spawned from now on, before its first turn and on the thread that
  /// spawns it; must be quick and must not throw. For tools: each spawn pays for it.
  ///
  /// @param told is told
  /// @return ends it
  public Runnable onSpawn(Consumer<? super Pid<?>> told) {
    return table.onSpawn(told);
  }

  /// How many processes are alive.
  ///
  /// @return the count
  public int processCount() {
    return table.size();
  }

  /// Where its events go.
  ///
  /// @return the switchboard
  public Telemetry telemetry() {
    return telemetry;
  }

  /// What its processes run on.
  ///
  /// @return the scheduler
  public Scheduler scheduler() {
    return scheduler;
  }

  /// Kills every process and refuses new ones; does not wait and does not close the scheduler. A
  /// tree is stopped in order through its application first.
  @Override
  public void close() {
    watchdog.cancel();
    for (Pid<?> pid : table.close()) {
      exit(pid, ExitReason.KILL);
    }
  }

  ProcessTable table() {
    return table;
  }

  Collection<Strand> strands() {
    return strands.values();
  }

  @Override
  Node node() {
    return this;
  }

  @Override
  LossReport deadLetters() {
    return deadLetters;
  }

  LossReport lostMessages() {
    return lostMessages;
  }

  MessageTypes messageTypes() {
    return messageTypes;
  }

  int turnBudget() {
    return turnBudget;
  }

  long turnSliceNanos() {
    return turnSliceNanos;
  }

  static long nanos(Duration duration) {
    if (duration.isNegative()) {
      return 0;
    }
    return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE / 2)) > 0
        ? Long.MAX_VALUE / 2
        : duration.toNanos();
  }
}
