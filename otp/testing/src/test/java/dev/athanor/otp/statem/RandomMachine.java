package dev.athanor.otp.statem;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/// A machine made up at random: what each state does when it is entered, what each event does in
/// each state, and the events it gets. It is played here, and by machines.erl as the term that
/// [#term] gives.
///
/// No machine runs for ever: an event only brings events with greater labels about; entering a
/// state and postponing an event only such as do nothing; and an event that is postponed does not
/// change the state.
final class RandomMachine {
  private static final String[] STATES = {"a", "b", "c"};
  private static final String[] TIMERS = {"state", "event", "n", "m"};
  private static final int ACTIVE = 6;
  private static final int LABELS = 9;

  private record Deed(String what, String timer, int label) {
    String term() {
      return switch (what) {
        case "postpone" -> "postpone";
        case "insert" -> "{insert," + label + "}";
        case "zero", "long" -> "{start," + timer + "," + what + "," + label + "}";
        case "cancel" -> "{cancel," + timer + "}";
        default -> "{update," + timer + "," + label + "}";
      };
    }

    StateAction action() {
      StateAction.Timer which =
          switch (timer) {
            case "state" -> StateAction.Own.STATE;
            case "event" -> StateAction.Own.EVENT;
            default -> new StateAction.Named(timer);
          };
      return switch (what) {
        case "postpone" -> StateAction.postpone();
        case "insert" -> StateAction.nextInternal(label);
        case "zero" -> new StateAction.Start(which, Duration.ZERO, label);
        case "long" -> new StateAction.Start(which, Duration.ofHours(1), label);
        case "cancel" -> new StateAction.Cancel(which);
        default -> new StateAction.Update(which, label);
      };
    }
  }

  private record Reaction(String step, List<Deed> deeds) {}

  private record Incoming(boolean cast, int label) {}

  private final Map<String, List<Deed>> enters = new HashMap<>();
  private final Map<String, Reaction> reactions = new HashMap<>();
  private final List<Incoming> events = new ArrayList<>();

  RandomMachine(Random random) {
    for (String state : STATES) {
      enters.put(state, random.nextInt(3) == 0 ? timers(random, 2, ACTIVE) : List.of());
      for (int label = 0; label < ACTIVE; label++) {
        reactions.put(label + " " + state, reaction(random, label));
      }
    }
    int count = 3 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      events.add(new Incoming(random.nextInt(4) > 0, random.nextInt(ACTIVE)));
    }
  }

  private static Reaction reaction(Random random, int label) {
    int dice = random.nextInt(20);
    if (dice < 4) {
      List<Deed> deeds = new ArrayList<>(timers(random, 3, ACTIVE));
      deeds.add(random.nextInt(deeds.size() + 1), new Deed("postpone", "", 0));
      return new Reaction("keep", deeds);
    }
    if (dice == 4) {
      return new Reaction("stop", List.of());
    }
    List<Deed> deeds = new ArrayList<>(timers(random, 3, label + 1));
    if (random.nextInt(4) == 0) {
      deeds.add(random.nextInt(deeds.size() + 1), insert(random, label));
    }
    String step = dice < 10 ? "keep" : dice < 12 ? "repeat" : STATES[random.nextInt(STATES.length)];
    return new Reaction(step, deeds);
  }

  private static Deed insert(Random random, int label) {
    return new Deed("insert", "", label + 1 + random.nextInt(LABELS - label - 1));
  }

  private static List<Deed> timers(Random random, int limit, int lowest) {
    List<Deed> deeds = new ArrayList<>();
    int count = random.nextInt(limit + 1);
    for (int i = 0; i < count; i++) {
      String timer = TIMERS[random.nextInt(TIMERS.length)];
      int label = lowest + random.nextInt(LABELS - lowest);
      String what =
          switch (random.nextInt(6)) {
            case 0, 1, 2 -> "zero";
            case 3 -> "long";
            case 4 -> "cancel";
            default -> "update";
          };
      deeds.add(new Deed(what, timer, label));
    }
    return deeds;
  }

  /// The machine for machines.erl.
  String term() {
    String entering =
        enters.entrySet().stream()
            .map(entry -> "{" + entry.getKey() + "," + terms(entry.getValue()) + "}")
            .collect(Collectors.joining(",", "[", "]"));
    String reacting =
        reactions.entrySet().stream()
            .map(
                entry ->
                    "{"
                        + entry.getKey().replace(' ', ',')
                        + ","
                        + entry.getValue().step()
                        + ","
                        + terms(entry.getValue().deeds())
                        + "}")
            .collect(Collectors.joining(",", "[", "]"));
    String coming =
        events.stream()
            .map(event -> "{" + (event.cast() ? "cast," : "info,") + event.label() + "}")
            .collect(Collectors.joining(",", "[", "]"));
    return "{" + entering + "," + reacting + "," + coming + "}.";
  }

  private static String terms(List<Deed> deeds) {
    return deeds.stream().map(Deed::term).collect(Collectors.joining(",", "[", "]"));
  }

  private static StateAction[] actions(List<Deed> deeds) {
    return deeds.stream().map(Deed::action).toArray(StateAction[]::new);
  }

  /// Plays it here.
  ///
  /// @return what came when, and where it ended
  @SuppressWarnings("unchecked")
  String play() {
    DeterministicScheduler scheduler = new DeterministicScheduler(1);
    Node node = Node.on(scheduler);
    Player player = new Player();
    Pid<Integer> pid = scheduler.await(GenStatem.start(node, player)).orThrow();
    for (Incoming event : events) {
      if (event.cast()) {
        GenServer.cast(pid, event.label());
      } else {
        ((Pid<Object>) (Pid<?>) pid).send(event.label());
      }
    }
    scheduler.runUntilIdle();
    player.log.add(pid.isAlive() ? player.last : "stopped");
    return String.join(",", player.log);
  }

  private final class Player implements GenStatem<Integer, String, String> {
    final List<String> log = new ArrayList<>();
    String last = "a";

    @Override
    public InitResult<Step.NextState<String, String>> init(ServerSelf<Integer> self) {
      return InitResult.ok(Step.nextState("a", ""));
    }

    @Override
    public Step<String, String> enter(String old, String state, String data) {
      last = state;
      log.add("enter " + old + " " + state);
      return Step.keepStateAndData(actions(enters.getOrDefault(state, List.of())));
    }

    @Override
    public Step<String, String> handleEvent(Event<Integer> event, String state, String data) {
      Object label =
          switch (event) {
            case Event.Call<Integer> call -> call.request();
            case Event.Cast<Integer> cast -> cast.message();
            case Event.Info<Integer>(Info.Message(Object message)) -> message;
            case Event.Info<Integer> info -> info.info();
            case Event.Internal<Integer> internal -> internal.content();
            case Event.StateTimeout<Integer> timeout -> timeout.content();
            case Event.EventTimeout<Integer> timeout -> timeout.content();
            case Event.Timeout<Integer> timeout -> timeout.content();
          };
      String type =
          switch (event) {
            case Event.Call<Integer> _ -> "call";
            case Event.Cast<Integer> _ -> "cast";
            case Event.Info<Integer> _ -> "info";
            case Event.Internal<Integer> _ -> "internal";
            case Event.StateTimeout<Integer> _ -> "state_timeout";
            case Event.EventTimeout<Integer> _ -> "timeout";
            case Event.Timeout<Integer> timeout -> "timeout(" + timeout.name() + ")";
          };
      log.add(type + " " + label + " " + state);
      if (log.size() > 10_000) {
        throw new IllegalStateException("a machine that runs for ever: " + term());
      }
      Reaction reaction =
          reactions.getOrDefault(label + " " + state, new Reaction("keep", List.of()));
      StateAction[] actions = actions(reaction.deeds());
      return switch (reaction.step()) {
        case "keep" -> Step.keepStateAndData(actions);
        case "repeat" -> Step.repeatStateAndData(actions);
        case "stop" -> Step.stop(ExitReason.NORMAL);
        default -> Step.nextState(reaction.step(), data, actions);
      };
    }

    @Override
    public void terminate(ExitReason reason, String state, String data) {
      log.add("terminate " + state);
    }
  }
}
