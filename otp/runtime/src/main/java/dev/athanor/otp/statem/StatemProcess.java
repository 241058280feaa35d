package dev.athanor.otp.statem;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.Behavior.What;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.server.Action;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.statem.StateAction.Own;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The server under every state machine: turns what arrives into events and steps into deeds.
///
/// One message of the mailbox may be followed by many events: inserted ones, postponed ones that
/// are handled again (both in `queue`), timeouts of zero. They are all handled before the next
/// message. All fields belong to the turns of the machine.
final class StatemProcess<M, S, D> implements GenServer<M, StatemProcess.Up> {
  /// The state that goes through the callbacks; the real one is in the fields.
  enum Up {
    UP
  }

  /// What the server is to continue with after the start was acknowledged.
  private record Begin(List<StateAction> actions) {}

  private final GenStatem<M, S, D> machine;
  final Timeouts timeouts = new Timeouts();
  final Deque<Event<M>> queue = new ArrayDeque<>(2);
  private final List<Event<M>> postponed = new ArrayList<>(0);
  private @Nullable ServerSelf<M> handle;
  private @Nullable S state;
  private @Nullable D data;
  private Behavior.@Nullable Watcher watcher;

  StatemProcess(GenStatem<M, S, D> machine) {
    this.machine = Objects.requireNonNull(machine, "machine");
  }

  // ---- start ---------------------------------------------------------------------------------

  @Override
  public InitResult<Up> init(ServerSelf<M> self) throws Exception {
    handle = self;
    return decided(machine.init(self));
  }

  private InitResult<Up> decided(@Nullable InitResult<Step.NextState<S, D>> result) {
    return switch (result) {
      case InitResult.Ok<Step.NextState<S, D>>(Step.NextState<S, D> first, Action action) -> {
        if (!action.equals(Action.none())) {
          throw new IllegalStateException(
              module() + ".init gave the action " + action + "; give actions to Step.nextState");
        }
        state = first.state();
        data = first.data();
        yield InitResult.ok(Up.UP, Action.continueWith(new Begin(first.actions())));
      }
      case InitResult.Ignore<Step.NextState<S, D>> _ -> InitResult.ignore();
      case InitResult.Stop<Step.NextState<S, D>> stop -> InitResult.stop(stop.reason());
      case InitResult.Later<Step.NextState<S, D>> later ->
          InitResult.later(later.decision().thenApply(this::decided));
      case null ->
          throw new IllegalStateException(module() + ".init decided null; return an InitResult");
    };
  }

  @Override
  public Next<Up> handleContinue(Object continuation, Up up) throws Exception {
    return feed(null, ((Begin) continuation).actions());
  }

  // ---- events --------------------------------------------------------------------------------

  @Override
  public Next<Up> handleCall(M request, From<?> from, Up up) throws Exception {
    return feed(new Event.Call<>(request, from), List.of());
  }

  @Override
  public Next<Up> handleCast(M message, Up up) throws Exception {
    return feed(new Event.Cast<>(message), List.of());
  }

  @Override
  public Next<Up> handleInfo(Info info, Up up) throws Exception {
    Event<M> event =
        info instanceof Info.Message(Timeouts.Ring ring)
            ? timeouts.rang(ring)
            : new Event.Info<>(info);
    return event == null ? Next.noReply(up) : feed(event, List.of());
  }

  /// Handles an event and all that follow from it; without an event, the start.
  private Next<Up> feed(@Nullable Event<M> first, List<StateAction> actions) throws Exception {
    Event<M> event = first;
    ExitReason end = first == null ? go(null, current(), data(), actions, true) : handle(first);
    while (end == null) {
      event = queue.pollFirst();
      if (event == null) {
        event = timeouts.pollDue();
      }
      if (event == null) {
        return Next.noReply(Up.UP);
      }
      end = handle(event);
    }
    return Next.stop(end, Up.UP);
  }

  private @Nullable ExitReason handle(Event<M> event) throws Exception {
    tell(What.IN, event, event instanceof Event.Call<M> call ? call.from() : null);
    return switch (machine.handleEvent(event, current(), data())) {
      case Step.NextState<S, D> next -> go(event, next.state(), next.data(), next.actions(), false);
      case Step.Keep<S, D> keep -> go(event, current(), kept(keep), keep.actions(), keep.repeats());
      case Step.Stop<S, D> stop -> stopped(stop);
      case null ->
          throw new IllegalStateException(
              module() + " decided null on " + event + " in state " + state + "; return a Step");
    };
  }

  // ---- steps ---------------------------------------------------------------------------------

  /// Does what a step says, in OTP's order.
  private @Nullable ExitReason go(
      @Nullable Event<M> event, S next, D nextData, List<StateAction> actions, boolean repeats)
      throws Exception {
    Deeds<M> deeds = actions.isEmpty() ? null : new Deeds<>();
    for (StateAction action : actions) {
      Objects.requireNonNull(deeds).take(this, action, false);
    }
    S old = current();
    boolean changes = !old.equals(next);
    if (deeds != null && deeds.postpone && event != null) {
      postponed.add(event);
      tell(What.POSTPONE, event, null);
    }
    if (changes) {
      timeouts.cancel(self(), Own.STATE);
      for (int i = postponed.size() - 1; i >= 0; i--) {
        queue.addFirst(postponed.get(i));
      }
      postponed.clear();
    }
    timeouts.cancel(self(), Own.EVENT);
    if (changes || repeats) {
      Step<S, D> entered = machine.enter(old, next, nextData);
      state = next;
      data = nextData;
      while (true) {
        switch (entered) {
          case Step.Stop<S, D> stop -> {
            return stopped(stop);
          }
          case Step.NextState<S, D> same when same.state().equals(next) -> {
            data = same.data();
            deeds = Deeds.of(this, deeds, same.actions());
          }
          case Step.Keep<S, D> keep -> {
            data = kept(keep);
            deeds = Deeds.of(this, deeds, keep.actions());
          }
          case Step.NextState<S, D> other ->
              throw new IllegalStateException(
                  module()
                      + ".enter of state "
                      + next
                      + " went to "
                      + other.state()
                      + "; a state that is entered stays: use nextEvent before, or a state"
                      + " timeout of zero");
          case null ->
              throw new IllegalStateException(
                  module() + ".enter decided null in state " + next + "; return a Step");
        }
        tell(What.ENTER, old, null);
        if (!(entered instanceof Step.Keep<S, D> keep && keep.repeats())) {
          break;
        }
        entered = machine.enter(old, next, data());
      }
    } else {
      state = next;
      data = nextData;
    }
    if (deeds != null) {
      deeds.finish(this);
    }
    if (event != null && (deeds == null || !deeds.postpone)) {
      tell(What.CONSUME, event, null);
    }
    return null;
  }

  private D kept(Step.Keep<S, D> keep) {
    return keep.sameData() ? data() : Objects.requireNonNull(keep.data(), "data");
  }

  private ExitReason stopped(Step.Stop<S, D> stop) {
    if (!stop.sameData()) {
      data = stop.data();
    }
    for (StateAction.Reply reply : stop.replies()) {
      reply(reply);
    }
    return stop.reason();
  }

  @SuppressWarnings("unchecked")
  void reply(StateAction.Reply reply) {
    ((From<@Nullable Object>) reply.from()).reply(reply.value());
    tell(What.OUT, reply.value(), reply.from());
  }

  // ---- the rest ------------------------------------------------------------------------------

  @Override
  public @Nullable CompletionStage<?> prepareToStop(ExitReason reason, Up up) throws Exception {
    return machine.prepareToStop(reason, current(), data());
  }

  @Override
  public void terminate(ExitReason reason, Up up) throws Exception {
    tell(What.TERMINATE, reason, null);
    machine.terminate(reason, current(), data());
  }

  @Override
  public Object formatStatus(Up up) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("state", machine.formatStatus(current(), data()));
    status.put("postponed", List.copyOf(postponed));
    status.put("queue", List.copyOf(queue));
    status.put("timeouts", timeouts.status());
    return status;
  }

  @Override
  public Behavior.Inside inside(Behavior.Inside server) {
    return new StatemInside<>(this, server);
  }

  ServerSelf<M> self() {
    return Objects.requireNonNull(handle);
  }

  GenStatem<M, S, D> machine() {
    return machine;
  }

  String module() {
    return machine.getClass().getName();
  }

  S current() {
    return Objects.requireNonNull(state);
  }

  @SuppressWarnings("NullAway") // as nullable as the machine made it
  D data() {
    return data;
  }

  void become(StateData<S, D> other) {
    state = other.state();
    data = other.data();
  }

  Behavior.@Nullable Watcher watcher() {
    return watcher;
  }

  void watcher(Behavior.@Nullable Watcher other) {
    watcher = other;
  }

  void tell(What what, @Nullable Object subject, @Nullable Object peer) {
    if (watcher != null) {
      watcher.saw(new Behavior.SystemEvent(what, subject, peer, state));
    }
  }
}
