package dev.athanor.otp.statem;

import dev.athanor.otp.server.From;
import dev.athanor.otp.server.Request;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a machine does with a [Step] besides going to a state. Actions are done in the order in
/// which they are given; of several for the same timer the last counts.
public sealed interface StateAction {
  /// See [#postpone].
  ///
  /// @param yes whether to; the last one counts
  record Postpone(boolean yes) implements StateAction {}

  /// See [#nextEvent].
  ///
  /// @param event what is to be handled
  record NextEvent(Event<?> event) implements StateAction {}

  /// See [#reply(From, Object)].
  ///
  /// @param from who waits
  /// @param value the reply
  record Reply(From<?> from, @Nullable Object value) implements StateAction {}

  /// See [#hibernate].
  record Hibernate() implements StateAction {}

  /// Starts a timer, in the place of one that runs.
  ///
  /// @param timer which
  /// @param after how long
  /// @param content what its event carries
  record Start(Timer timer, Duration after, Object content) implements StateAction {}

  /// Calls a timer off.
  ///
  /// @param timer which
  record Cancel(Timer timer) implements StateAction {}

  /// Changes what the event of a running timer will carry.
  ///
  /// @param timer which
  /// @param content what its event carries
  record Update(Timer timer, Object content) implements StateAction {}

  /// Which timer: each runs at most once at a time.
  sealed interface Timer {}

  /// The two that every machine has.
  enum Own implements Timer {
    /// Called off when the state changes.
    STATE,
    /// Called off by any event.
    EVENT
  }

  /// One of the machine's own, which nothing calls off but the machine.
  ///
  /// @param name any value with equals
  record Named(Object name) implements Timer {
    /// Refuses null.
    public Named {
      Objects.requireNonNull(name, "a timeout needs a name");
    }
  }

  /// Puts the event off: it is handled again when the state has changed, before events that came
  /// later. Not in a state-enter call.
  ///
  /// @return the action
  static StateAction postpone() {
    return new Postpone(true);
  }

  /// Has an event handled next, before those that wait: several in the order given, before
  /// postponed ones that are handled again. Not in a state-enter call.
  ///
  /// @param event any sort of event
  /// @return the action
  static StateAction nextEvent(Event<?> event) {
    return new NextEvent(Objects.requireNonNull(event, "event"));
  }

  /// Has [Event.Internal] handled next.
  ///
  /// @param content what it carries
  /// @return the action
  static StateAction nextInternal(Object content) {
    return nextEvent(new Event.Internal<>(content));
  }

  /// Replies to a call, of this event or of an earlier one.
  ///
  /// @param from who waits
  /// @param value the reply; its type is not checked, see [#reply(Request, From, Object)]
  /// @return the action
  static Reply reply(From<?> from, @Nullable Object value) {
    return new Reply(Objects.requireNonNull(from, "from"), value);
  }

  /// Replies to a call with a value of the type the request asks for.
  ///
  /// @param request the request that is answered
  /// @param from who waits
  /// @param value the reply
  /// @param <R> the type of the reply
  /// @return the action
  static <R extends @Nullable Object> Reply reply(Request<R> request, From<?> from, R value) {
    return reply(from, value);
  }

  /// [Event.StateTimeout] comes unless the state changes before. Zero: after the events that wait
  /// inside the machine and before those that wait in its mailbox.
  ///
  /// @param after how long from now
  /// @param content what the event carries
  /// @return the action
  static StateAction stateTimeout(Duration after, Object content) {
    return start(Own.STATE, after, content);
  }

  /// [Event.EventTimeout] comes unless any other event comes before. Zero: only when no event waits
  /// inside the machine.
  ///
  /// @param after how long from now
  /// @param content what the event carries
  /// @return the action
  static StateAction eventTimeout(Duration after, Object content) {
    return start(Own.EVENT, after, content);
  }

  /// [Event.Timeout] comes, whatever happens meanwhile. Zero as with [#stateTimeout].
  ///
  /// @param name which; a running one of this name is started anew
  /// @param after how long from now
  /// @param content what the event carries
  /// @return the action
  static StateAction timeout(Object name, Duration after, Object content) {
    return start(new Named(name), after, content);
  }

  private static StateAction start(Timer timer, Duration after, Object content) {
    return new Start(
        timer,
        Objects.requireNonNull(after, "after; to call a timer off use cancel"),
        Objects.requireNonNull(content, "content"));
  }

  /// Calls the state timeout off.
  ///
  /// @return the action
  static StateAction cancelStateTimeout() {
    return new Cancel(Own.STATE);
  }

  /// Calls a timeout with a name off.
  ///
  /// @param name which
  /// @return the action
  static StateAction cancelTimeout(Object name) {
    return new Cancel(new Named(name));
  }

  /// Changes what a running state timeout will carry; when none runs, it comes at once.
  ///
  /// @param content what the event carries
  /// @return the action
  static StateAction updateStateTimeout(Object content) {
    return new Update(Own.STATE, Objects.requireNonNull(content, "content"));
  }

  /// Changes what a running timeout will carry; when none runs, it comes at once.
  ///
  /// @param name which
  /// @param content what the event carries
  /// @return the action
  static StateAction updateTimeout(Object name, Object content) {
    return new Update(new Named(name), Objects.requireNonNull(content, "content"));
  }

  /// Says that the next event may be long in coming. A process here keeps nothing that hibernation
  /// could give back, so nothing happens.
  ///
  /// @return the action
  static StateAction hibernate() {
    return new Hibernate();
  }
}
