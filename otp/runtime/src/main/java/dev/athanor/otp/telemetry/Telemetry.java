package dev.athanor.otp.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;

/// The switchboard of one node: whoever emits calls [#execute], whoever listens attaches a handler
/// to a prefix of the event's name.
///
/// All methods may be called from any thread. Handlers run on the emitting thread, in the order of
/// their attachment, and must be quick and must not block. A handler that throws is detached and
/// that is an event of its own, `athanor.telemetry.handler_failed`; the emitter never notices.
///
/// With nobody attached [#isAttached] is one read of an empty array; emitters ask it before they
/// build an event. Corresponds to Erlang's `telemetry` library.
public final class Telemetry {
  /// What listens to events.
  @FunctionalInterface
  public interface Handler {
    /// Takes one event, on the thread that emitted it.
    ///
    /// @param event what happened
    void handle(Event event);
  }

  private record Attachment(String id, String prefix, Handler handler) {
    boolean wants(String name) {
      int length = prefix.length();
      return length == 0
          || (name.startsWith(prefix)
              && (name.length() == length
                  || name.charAt(length) == '.'
                  || prefix.charAt(length - 1) == '.'));
    }
  }

  private static final Attachment[] NONE = new Attachment[0];
  private static final VarHandle ATTACHMENTS;

  static {
    try {
      ATTACHMENTS =
          MethodHandles.lookup().findVarHandle(Telemetry.class, "attachments", Attachment[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile Attachment[] attachments = NONE;

  /// Makes a switchboard that nobody listens to yet.
  public Telemetry() {}

  /// Attaches a handler to every event whose name is `prefix` or lies below it.
  ///
  /// @param handlerId a name of the caller's choice, used once at a time
  /// @param prefix a dotted prefix such as `athanor.process`; empty means every event
  /// @param handler what to call
  /// @throws IllegalArgumentException when the id is in use
  public void attach(String handlerId, String prefix, Handler handler) {
    update(
        old -> {
          for (Attachment attachment : old) {
            if (attachment.id().equals(handlerId)) {
              throw new IllegalArgumentException(
                  "a telemetry handler '"
                      + handlerId
                      + "' is attached already; detach it first or choose another id");
            }
          }
          Attachment[] next = Arrays.copyOf(old, old.length + 1);
          next[old.length] = new Attachment(handlerId, prefix, handler);
          return next;
        });
  }

  /// Detaches a handler; events already under way may still reach it.
  ///
  /// @param handlerId the id it was attached under
  /// @return whether it was attached
  public boolean detach(String handlerId) {
    Attachment[] before =
        update(
            old ->
                Arrays.stream(old)
                    .filter(attachment -> !attachment.id().equals(handlerId))
                    .toArray(Attachment[]::new));
    return Arrays.stream(before).anyMatch(attachment -> attachment.id().equals(handlerId));
  }

  /// Tells whether an event of this name would reach anybody.
  ///
  /// @param name the dotted name of an event
  /// @return true when at least one handler wants it
  public boolean isAttached(String name) {
    Attachment[] current = attachments;
    if (current.length == 0) {
      return false;
    }
    for (Attachment attachment : current) {
      if (attachment.wants(name)) {
        return true;
      }
    }
    return false;
  }

  /// Hands the event to every handler that wants it. Never throws.
  ///
  /// @param event what happened
  public void execute(Event event) {
    for (Attachment attachment : attachments) {
      if (attachment.wants(event.name())) {
        try {
          attachment.handler().handle(event);
        } catch (Throwable failure) {
          detach(attachment.id());
          execute(
              Event.of(
                  "athanor.telemetry.handler_failed",
                  Map.of("handler", attachment.id(), "event", event.name(), "cause", failure)));
        }
      }
    }
  }

  private Attachment[] update(UnaryOperator<Attachment[]> change) {
    while (true) {
      Attachment[] old = attachments;
      if (ATTACHMENTS.compareAndSet(this, old, change.apply(old))) {
        return old;
      }
    }
  }
}
