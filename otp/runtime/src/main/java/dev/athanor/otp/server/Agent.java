package dev.athanor.otp.server;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A process that does nothing but hold a state, which others read and change by sending it
/// functions. The functions run in the agent, one at a time; on an event loop they must not block,
/// and what they throw ends the agent. Corresponds to Elixir's `Agent`.
public final class Agent {
  /// What an agent understands.
  ///
  /// @param <S> its state
  public sealed interface Command<S> {}

  /// What a function makes of a state: what its caller gets, and the state to go on with.
  ///
  /// @param value for the caller
  /// @param state the next state
  /// @param <R> what the caller gets
  /// @param <S> the agent's state
  public record Outcome<R extends @Nullable Object, S>(R value, S state) {}

  record Step<S, R extends @Nullable Object>(
      Function<? super S, ? extends Outcome<? extends R, ? extends S>> function)
      implements Command<S>, Request<R> {}

  private record Change<S>(UnaryOperator<S> function) implements Command<S> {}

  private Agent() {}

  /// Starts an agent that is linked to nobody.
  ///
  /// @param node where
  /// @param initial makes its first state, in the agent
  /// @param options name, kind
  /// @param <S> its state
  /// @return the outcome
  public static <S> CompletionStage<StartResult<Command<S>>> start(
      Node node, Supplier<S> initial, ServerOptions options) {
    return GenServer.start(node, new Holder<>(initial), options);
  }

  /// Starts an agent linked to the calling process.
  ///
  /// @param parent the calling process
  /// @param initial makes its first state, in the agent
  /// @param options name, kind
  /// @param <S> its state
  /// @return the outcome
  public static <S> CompletionStage<StartResult<Command<S>>> startLink(
      Self<?> parent, Supplier<S> initial, ServerOptions options) {
    return GenServer.startLink(parent, new Holder<>(initial), options);
  }

  /// Reads something of the state; waits for 5 s, as all of these do that say no time.
  ///
  /// @param agent the agent
  /// @param function from the state to what is wanted
  /// @param <S> its state
  /// @param <R> what is wanted
  /// @return what the function returned; fails as [GenServer#call] does
  public static <S, R extends @Nullable Object> CompletionStage<R> get(
      Pid<Command<S>> agent, Function<? super S, ? extends R> function) {
    return getAndUpdate(agent, state -> new Outcome<R, S>(function.apply(state), state));
  }

  /// Changes the state and waits for it.
  ///
  /// @param agent the agent
  /// @param function from the state to the next
  /// @param <S> its state
  /// @return the new state
  public static <S> CompletionStage<S> update(Pid<Command<S>> agent, UnaryOperator<S> function) {
    return getAndUpdate(
        agent,
        state -> {
          S next = function.apply(state);
          return new Outcome<>(next, next);
        });
  }

  /// Reads something of the state and changes it, in one step: to take the first of a queue, to
  /// count and have the number.
  ///
  /// @param agent the agent
  /// @param function from the state to what is wanted and the next state
  /// @param <S> its state
  /// @param <R> what is wanted
  /// @return what is wanted; fails as [GenServer#call] does
  public static <S, R extends @Nullable Object> CompletionStage<R> getAndUpdate(
      Pid<Command<S>> agent,
      Function<? super S, ? extends Outcome<? extends R, ? extends S>> function) {
    return GenServer.call(agent, new Step<S, R>(function));
  }

  /// [#getAndUpdate], with a time of its own.
  ///
  /// @param agent the agent
  /// @param function from the state to what is wanted and the next state
  /// @param timeout how long to wait
  /// @param <S> its state
  /// @param <R> what is wanted
  /// @return what is wanted; fails as [GenServer#call] does
  public static <S, R extends @Nullable Object> CompletionStage<R> getAndUpdate(
      Pid<Command<S>> agent,
      Function<? super S, ? extends Outcome<? extends R, ? extends S>> function,
      Duration timeout) {
    return GenServer.call(agent, new Step<S, R>(function), timeout);
  }

  /// Changes the state without waiting.
  ///
  /// @param agent the agent
  /// @param function from the state to the next
  /// @param <S> its state
  public static <S> void cast(Pid<Command<S>> agent, UnaryOperator<S> function) {
    GenServer.cast(agent, new Change<>(function));
  }

  private static final class Holder<S> implements GenServer<Command<S>, S> {
    private final Supplier<S> initial;

    private Holder(Supplier<S> initial) {
      this.initial = initial;
    }

    @Override
    public InitResult<S> init(ServerSelf<Command<S>> self) {
      return InitResult.ok(initial.get());
    }

    @Override
    public Next<S> handleCall(Command<S> request, From<?> from, S state) {
      return switch (request) {
        case Step<S, ?> step -> {
          Outcome<?, ? extends S> outcome =
              Objects.requireNonNull(
                  step.function().apply(state),
                  "an agent's function returns an Outcome (what is wanted, the next state), got"
                      + " null");
          yield Next.reply((Object) outcome.value(), outcome.state());
        }
        case Change<S> change -> Next.noReply(change.function().apply(state));
      };
    }

    @Override
    public Next<S> handleCast(Command<S> message, S state) {
      return switch (message) {
        case Change<S> change -> Next.noReply(change.function().apply(state));
        case Step<S, ?> _ ->
            throw new IllegalArgumentException("an agent is called with " + message);
      };
    }
  }
}
