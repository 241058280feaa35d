package dev.athanor.otp.statem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A machine that does what its events say, and writes down what came in which state. The
/// expectations of the tests on it are what `gen_statem` of OTP 25 wrote for the same scenarios.
final class Lab {
  /// An event or a request, with what is to be done about it.
  sealed interface Msg {}

  record Ev(String label, Reaction reaction) implements Msg {
    @Override
    public String toString() {
      return label;
    }
  }

  record Ask(String label, Reaction reaction) implements Msg, Request<Object> {
    @Override
    public String toString() {
      return label;
    }
  }

  @FunctionalInterface
  interface Reaction {
    @Nullable Step<String, String> on(Event<Msg> event, String state) throws Exception;
  }

  @FunctionalInterface
  interface Entering {
    @Nullable Step<String, String> enter(String old, String state) throws Exception;
  }

  final DeterministicScheduler scheduler = new DeterministicScheduler(7);
  final Node node = Node.on(scheduler);
  private final List<String> diary = new ArrayList<>();
  private InitResult<Step.NextState<String, String>> init = InitResult.ok(Step.nextState("a", "d"));
  private @Nullable Entering entering;
  private @Nullable Pid<Msg> pid;

  // ---- reactions -----------------------------------------------------------------------------

  static Reaction keep(StateAction... actions) {
    return (event, state) -> Step.keepStateAndData(actions);
  }

  static Reaction next(String wanted, StateAction... actions) {
    return (event, state) -> Step.nextState(wanted, "d", actions);
  }

  static Reaction postponeIn(String where) {
    return in(where, keep(StateAction.postpone()));
  }

  static Reaction in(String where, Reaction then) {
    return (event, state) -> state.equals(where) ? then.on(event, state) : keep().on(event, state);
  }

  static Reaction answer(Object value) {
    return (event, state) ->
        Step.keepStateAndData(StateAction.reply(((Event.Call<Msg>) event).from(), value));
  }

  static Ev ev(String label) {
    return new Ev(label, keep());
  }

  static Ev ev(String label, Reaction reaction) {
    return new Ev(label, reaction);
  }

  static StateAction internal(String label) {
    return StateAction.nextInternal(ev(label));
  }

  static StateAction internal(String label, Reaction reaction) {
    return StateAction.nextInternal(ev(label, reaction));
  }

  static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }

  // ---- scenarios -----------------------------------------------------------------------------

  Lab init(InitResult<Step.NextState<String, String>> decision) {
    init = decision;
    return this;
  }

  /// States that are entered are written down; what the function decides is done.
  Lab entering(Entering function) {
    entering = function;
    return this;
  }

  Lab noting() {
    return entering((old, state) -> Step.keepStateAndData());
  }

  Pid<Msg> pid() {
    if (pid == null) {
      pid = scheduler.await(GenStatem.start(node, new Machine())).orThrow();
    }
    return pid;
  }

  Lab cast(String label) {
    return cast(label, keep());
  }

  Lab cast(String label, Reaction reaction) {
    GenServer.cast(pid(), new Ev(label, reaction));
    return this;
  }

  @SuppressWarnings("unchecked")
  Lab info(String label) {
    ((Pid<Object>) (Pid<?>) pid()).send(ev(label));
    return this;
  }

  CompletableFuture<Object> call(String label, Reaction reaction) {
    var reply = GenServer.<Object, Ask>call(pid(), new Ask(label, reaction)).toCompletableFuture();
    scheduler.runUntilIdle();
    return reply;
  }

  /// Lets what was sent so far be handled, and time pass.
  Lab pass(long millis) {
    pid();
    scheduler.advance(ms(millis));
    return this;
  }

  /// Compares what was written down so far.
  void saw(String expected) {
    pid();
    scheduler.runUntilIdle();
    assertThat(String.join(", ", diary)).isEqualTo(expected);
  }

  GenStatem<Msg, String, String> machine() {
    return new Machine();
  }

  private final class Machine implements GenStatem<Msg, String, String> {
    @Override
    public InitResult<Step.NextState<String, String>> init(ServerSelf<Msg> self) {
      return init;
    }

    @Override
    @SuppressWarnings("NullAway") // tests decide null too
    public Step<String, String> enter(String old, String state, String data) throws Exception {
      if (entering == null) {
        return Step.keepStateAndData();
      }
      diary.add("enter " + old + " " + state);
      return entering.enter(old, state);
    }

    @Override
    @SuppressWarnings("NullAway") // tests decide null too
    public Step<String, String> handleEvent(Event<Msg> event, String state, String data)
        throws Exception {
      Object content =
          switch (event) {
            case Event.Call<Msg> call -> call.request();
            case Event.Cast<Msg> cast -> cast.message();
            case Event.Info<Msg>(dev.athanor.otp.server.Info.Message(Object message)) -> message;
            case Event.Info<Msg> info -> info.info();
            case Event.Internal<Msg> internal -> internal.content();
            case Event.StateTimeout<Msg> timeout -> timeout.content();
            case Event.EventTimeout<Msg> timeout -> timeout.content();
            case Event.Timeout<Msg> timeout -> timeout.content();
          };
      String type =
          switch (event) {
            case Event.Call<Msg> _ -> "call";
            case Event.Cast<Msg> _ -> "cast";
            case Event.Info<Msg> _ -> "info";
            case Event.Internal<Msg> _ -> "internal";
            case Event.StateTimeout<Msg> _ -> "state_timeout";
            case Event.EventTimeout<Msg> _ -> "timeout";
            case Event.Timeout<Msg> timeout -> "timeout(" + timeout.name() + ")";
          };
      diary.add(type + " " + content + " " + state);
      return switch (content) {
        case Ev(String _, Reaction reaction) -> reaction.on(event, state);
        case Ask(String _, Reaction reaction) -> reaction.on(event, state);
        default -> Step.keepStateAndData();
      };
    }

    @Override
    public void terminate(ExitReason reason, String state, String data) {
      String why =
          reason instanceof ExitReason.Crashed(Throwable cause)
              ? Objects.requireNonNull(cause.getMessage())
              : reason.toString();
      diary.add("terminate " + why + " " + state + " " + data);
    }

    @Override
    public StateData<String, String> codeChange(
        @Nullable Object oldVersion, String state, String data, @Nullable Object extra) {
      return new StateData<>("changed " + state, oldVersion + data + extra);
    }
  }
}
