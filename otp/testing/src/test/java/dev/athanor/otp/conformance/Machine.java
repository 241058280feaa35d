package dev.athanor.otp.conformance;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.MonitorRef;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.Signal;
import dev.athanor.otp.process.SpawnOptions;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerDown;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.server.StartResult;
import dev.athanor.otp.supervisor.AutoShutdown;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.Restart;
import dev.athanor.otp.supervisor.Shutdown;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.Supervisor;
import dev.athanor.otp.supervisor.SupervisorSpec;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Plays one of the [Programs] on ours and writes the log that differential.erl writes on the BEAM.
final class Machine {
  private final DeterministicScheduler scheduler;
  private final Node node;

  /// Who has a name now; of a child, the last one that came up.
  private final Map<String, Pid<?>> names = new TreeMap<>();

  private final Map<String, Plain> plain = new TreeMap<>();
  private final Map<String, List<String>> definitions = new HashMap<>();
  private final Map<String, String> roots = new HashMap<>();
  private final Map<String, Integer> starts = new HashMap<>();
  private final List<Event> events = new ArrayList<>();
  private final List<String> dead = new ArrayList<>();

  private record Event(String root, String text, boolean orphan) {}

  @FunctionalInterface
  private interface Act {
    Object perform(Self<Order> self) throws Exception;
  }

  private record Order(Act act, AtomicReference<Object> answer) {}

  private record Kid(String message) {}

  private static final class Plain implements Behavior<Order> {
    final List<Signal> heard = new ArrayList<>();
    final List<Map.Entry<String, MonitorRef>> monitors = new ArrayList<>();

    @Override
    public void onMessage(Self<Order> self, Order order) throws Exception {
      order.answer().set(order.act().perform(self));
    }

    @Override
    public void onSignal(Self<Order> self, Signal signal) {
      heard.add(signal);
    }
  }

  private Machine(long seed) {
    scheduler = new DeterministicScheduler(seed);
    node = Node.on(scheduler);
  }

  /// The log, a line a step.
  static List<String> play(String program, long seed) {
    Machine machine = new Machine(seed);
    return Arrays.stream(program.split("\\|", -1))
        .map(step -> machine.step(List.of(step.split(" ", -1))))
        .toList();
  }

  private String step(List<String> words) {
    Object result = perform(words);
    scheduler.runUntilIdle();
    Object answer = result instanceof AtomicReference<?> later ? later.get() : result;
    String line = describe(words, answer);
    events.clear();
    dead.clear();
    plain.values().forEach(process -> process.heard.clear());
    return line;
  }

  // ---- steps ---------------------------------------------------------------------------------

  private Object perform(List<String> words) {
    String subject = words.get(0);
    String verb = words.get(1);
    String object = words.get(2);
    return switch (subject) {
      case "root" ->
          verb.equals("spawn")
              ? born(object, behavior -> node.spawn(behavior))
              : with(
                  object,
                  pid -> {
                    node.exit(pid, reason(words.get(3)));
                    return "ok";
                  });
      case "def" -> {
        definitions.put(verb, words.subList(2, words.size()));
        yield "ok";
      }
      case "kid" ->
          with(
              verb,
              pid -> {
                stop(pid, words.get(3));
                return "ok";
              });
      case "sup" -> with(verb, pid -> supervise(pid, words));
      default -> actBy(subject, verb, object, words);
    };
  }

  @SuppressWarnings("unchecked")
  private static void stop(Pid<?> kid, String reason) {
    GenServer.cast((Pid<Kid>) kid, new Kid(reason));
  }

  private Object with(String name, Function<Pid<?>, Object> action) {
    Pid<?> pid = names.get(name);
    return pid == null ? "skip" : action.apply(pid);
  }

  private Object born(String name, Function<Behavior<Order>, Pid<Order>> spawn) {
    if (names.containsKey(name)) {
      return "skip";
    }
    Plain process = new Plain();
    Pid<Order> pid = spawn.apply(process);
    plain.put(name, process);
    appears(name, pid);
    return "ok";
  }

  private void appears(String name, Pid<?> pid) {
    names.put(name, pid);
    node.exited(pid)
        .thenAccept(
            reason -> {
              if (pid.equals(names.get(name))) {
                dead.add(name + "=" + Terms.of(reason));
              }
            });
  }

  private Object actBy(String subject, String verb, String object, List<String> words) {
    Plain process = plain.get(subject);
    Pid<?> pid = names.get(subject);
    if (process == null || !pid.isAlive()) {
      return "skip";
    }
    return switch (verb) {
      case "spawn", "spawn_link", "spawn_monitor" ->
          names.containsKey(object)
              ? "skip"
              : told(
                  pid,
                  self -> born(object, behavior -> spawned(self, process, verb, object, behavior)));
      case "start" -> {
        Pid<?> before = names.get(object);
        yield definitions.containsKey(object) && (before == null || !before.isAlive())
            ? start(pid, object)
            : "skip";
      }
      case "trap" -> told(pid, self -> self.trapExit(Boolean.parseBoolean(object)));
      case "exit" ->
          told(
              pid,
              self -> {
                self.exit(reason(object));
                return "gone";
              });
      case "crash" ->
          told(
              pid,
              self -> {
                throw new IllegalStateException(object);
              });
      default ->
          with(object, peer -> told(pid, self -> act(self, process, verb, object, peer, words)));
    };
  }

  @SuppressWarnings("unchecked")
  private AtomicReference<Object> told(Pid<?> pid, Act act) {
    AtomicReference<Object> answer = new AtomicReference<>();
    ((Pid<Order>) pid).send(new Order(act, answer));
    return answer;
  }

  private static Pid<Order> spawned(
      Self<Order> self, Plain parent, String verb, String name, Behavior<Order> behavior) {
    return switch (verb) {
      case "spawn_link" -> self.spawnLink(behavior);
      case "spawn_monitor" -> {
        Self.Monitored<Order> child = self.spawnMonitor(behavior, SpawnOptions.DEFAULT);
        parent.monitors.addFirst(Map.entry(name, child.ref()));
        yield child.pid();
      }
      default -> self.node().spawn(behavior);
    };
  }

  private Object act(
      Self<Order> self, Plain process, String verb, String name, Pid<?> peer, List<String> words) {
    switch (verb) {
      case "link" -> self.link(peer);
      case "unlink" -> self.unlink(peer);
      case "monitor" -> process.monitors.addFirst(Map.entry(name, self.monitor(peer)));
      case "demonitor" -> {
        for (Map.Entry<String, MonitorRef> monitor : process.monitors) {
          if (monitor.getKey().equals(name)) {
            process.monitors.remove(monitor);
            return self.demonitor(monitor.getValue(), true);
          }
        }
        return "none";
      }
      case "signal" -> self.exit(peer, reason(words.get(3)));
      default -> throw new IllegalArgumentException("no such step: " + words);
    }
    return true;
  }

  private static ExitReason reason(String word) {
    return switch (word) {
      case "normal" -> ExitReason.NORMAL;
      case "shutdown" -> ExitReason.SHUTDOWN;
      case "{shutdown,x}" -> ExitReason.shutdown("x");
      case "kill" -> ExitReason.KILL;
      case "killed" -> ExitReason.KILLED;
      case "noproc" -> ExitReason.NO_PROCESS;
      default -> ExitReason.of(word);
    };
  }

  // ---- supervisors ---------------------------------------------------------------------------

  private Object start(Pid<?> parent, String name) {
    AtomicReference<Object> outcome = new AtomicReference<>();
    told(
        parent,
        self -> {
          self.await(
              Supervisor.startLink(self, spec(name, name)),
              (result, failure) -> {
                if (result instanceof StartResult.Started<Supervisor.Command>(var pid)) {
                  roots.put(name, name);
                  appears(name, pid);
                }
                outcome.set(result);
              });
          return "under way";
        });
    return outcome;
  }

  private SupervisorSpec spec(String root, String name) {
    List<String> words = definitions.get(name);
    return SupervisorSpec.of(Strategy.valueOf(words.get(0).toUpperCase(Locale.ROOT)))
        .intensity(Integer.parseInt(words.get(1)), Duration.ofHours(1))
        .autoShutdown(
            AutoShutdown.valueOf(words.get(2).toUpperCase(Locale.ROOT)),
            words.subList(3, words.size()).stream()
                .map(text -> child(root, text))
                .toArray(ChildSpec[]::new));
  }

  private ChildSpec child(String root, String text) {
    List<String> words = List.of(text.split(",", -1));
    String id = words.get(0);
    String fate = words.get(5);
    Restart restart = Restart.valueOf(words.get(1).toUpperCase(Locale.ROOT));
    if (fate.equals("s")) {
      return ChildSpec.of(id, parent -> nested(parent, root, id)).supervisor().restart(restart);
    }
    boolean traps = Boolean.parseBoolean(words.get(3));
    Shutdown shutdown =
        switch (words.get(2)) {
          case "brutal" -> Shutdown.brutal();
          case "infinity" -> Shutdown.infinite();
          default -> Shutdown.within(Duration.ofMillis(Long.parseLong(words.get(2))));
        };
    return ChildSpec.server(id, () -> new Worker(root, id, traps, fate))
        .restart(restart)
        .shutdown(shutdown)
        .significant(Boolean.parseBoolean(words.get(4)));
  }

  private CompletionStage<StartResult<Supervisor.Command>> nested(
      Self<?> parent, String root, String name) {
    return Supervisor.startLink(parent, spec(root, name))
        .thenApply(
            result -> {
              if (result instanceof StartResult.Started<Supervisor.Command>(var pid)) {
                roots.put(name, root);
                names.put(name, pid);
                events.add(new Event(root, "up " + name, false));
              }
              return result;
            });
  }

  private final class Worker implements GenServer<Kid, String> {
    private final String root;
    private final String id;
    private final boolean traps;
    private final String fate;

    Worker(String root, String id, boolean traps, String fate) {
      this.root = root;
      this.id = id;
      this.traps = traps;
      this.fate = fate;
    }

    @Override
    public InitResult<String> init(ServerSelf<Kid> self) {
      int start = starts.merge(root + " " + id, 1, Integer::sum);
      self.trapExit(traps);
      return switch (fate.charAt(Math.min(start, fate.length()) - 1)) {
        case 'o' -> {
          names.put(id, self.pid());
          yield tells("up", InitResult.ok(id));
        }
        case 'i' -> tells("ignore", InitResult.ignore());
        default -> tells("nope", InitResult.stop(ExitReason.of("nope")));
      };
    }

    private InitResult<String> tells(String what, InitResult<String> decision) {
      events.add(new Event(root, what + " " + id, false));
      return decision;
    }

    @Override
    public Next<String> handleCast(Kid kid, String state) {
      return Next.stop(reason(kid.message()), state);
    }

    @Override
    public void terminate(ExitReason reason, String state) {
      events.add(
          new Event(root, "down " + id + " " + Terms.of(reason), reason.equals(ExitReason.KILLED)));
    }
  }

  @SuppressWarnings("unchecked")
  private Object supervise(Pid<?> pid, List<String> words) {
    Pid<Supervisor.Command> supervisor = (Pid<Supervisor.Command>) pid;
    String id = words.size() > 3 ? words.get(3) : "";
    CompletionStage<?> call =
        switch (words.get(2)) {
          case "terminate" -> Supervisor.terminateChild(supervisor, id);
          case "restart" -> Supervisor.restartChild(supervisor, id);
          case "delete" -> Supervisor.deleteChild(supervisor, id);
          case "add" ->
              Supervisor.startChild(
                  supervisor, child(roots.getOrDefault(words.get(1), words.get(1)), id));
          case "which" ->
              Supervisor.whichChildren(supervisor)
                  .thenApply(
                      children ->
                          children.stream()
                              .map(
                                  child ->
                                      Terms.tuple(
                                          child.id(),
                                          child.pid() != null
                                              ? "true"
                                              : child.restarting() ? "restarting" : "undefined"))
                              .toList());
          case "count" -> Supervisor.countChildren(supervisor);
          default -> throw new IllegalArgumentException("no such step: " + words);
        };
    AtomicReference<Object> answer = new AtomicReference<>();
    call.whenComplete((value, failure) -> answer.set(failure != null ? failure : value));
    return answer;
  }

  // ---- the log -------------------------------------------------------------------------------

  private String describe(List<String> words, Object answer) {
    Pid<?> subject = words.get(0).startsWith("p") ? names.get(words.get(0)) : null;
    boolean gone = subject != null && !subject.isAlive() && !"skip".equals(answer);
    StringBuilder line = new StringBuilder(gone ? "gone" : show(answer));
    events.stream()
        .map(Event::root)
        .distinct()
        .sorted()
        .forEach(
            root -> {
              line.append(" | ").append(root).append(':');
              events.stream()
                  .filter(event -> event.root().equals(root) && !event.orphan())
                  .forEach(event -> line.append(' ').append(event.text()));
              events.stream()
                  .filter(event -> event.root().equals(root) && event.orphan())
                  .map(Event::text)
                  .sorted()
                  .forEach(text -> line.append(' ').append(text));
            });
    plain.forEach(
        (name, process) -> {
          if (!process.heard.isEmpty() && names.get(name).isAlive()) {
            line.append(" | ").append(name).append(" heard");
            process.heard.stream()
                .map(this::message)
                .sorted()
                .forEach(text -> line.append(' ').append(text));
          }
        });
    if (!dead.isEmpty()) {
      line.append(" | dead");
      dead.stream().sorted().forEach(text -> line.append(' ').append(text));
    }
    line.append(" | alive");
    names.forEach((name, pid) -> line.append(pid.isAlive() ? " " + name : ""));
    return line.toString();
  }

  private String message(Signal signal) {
    return switch (signal) {
      case Signal.Exit exit -> "EXIT " + name(exit.from()) + " " + Terms.of(exit.reason());
      case Signal.Down down -> "DOWN " + name(down.pid()) + " " + Terms.of(down.reason());
    };
  }

  private String name(Pid<?> pid) {
    return names.entrySet().stream()
        .filter(entry -> entry.getValue().equals(pid))
        .map(Map.Entry::getKey)
        .collect(Collectors.joining())
        .transform(found -> found.isEmpty() ? "earlier" : found);
  }

  private static String show(Object answer) {
    return switch (answer) {
      case CompletionException wrapped -> show(wrapped.getCause());
      case ServerDown down -> "{exit," + Terms.of(down.reason()) + "}";
      case StartResult.AlreadyStarted<?> _ -> "{error,already_started}";
      case null -> "no answer";
      default -> Terms.of(answer);
    };
  }
}
