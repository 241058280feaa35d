package dev.athanor.otp.channels.typed;

import dev.athanor.otp.channels.Answer;
import dev.athanor.otp.channels.Channel;
import dev.athanor.otp.channels.JoinResult;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.ExitReason;
import java.util.List;
import java.util.Set;

/// A channel that is written as annotated methods with typed payloads instead of callbacks.
///
/// ```java
/// final class GuestbookChannel extends TypedChannel {
///   record Entry(String text) {}
///   record Written(int count) {}
///
///   private int count;
///
///   @OnJoin
///   Map<String, String> join(String topic) {
///     return Map.of("book", subtopic());
///   }
///
///   @OnMessage("write")
///   Written write(Entry entry) {
///     broadcast("entry", entry);
///     return new Written(++count);
///   }
/// }
/// ```
///
/// The methods may have any visibility and any name; they run as a [Channel]'s callbacks do: one at
/// a time, on the connection's event loop, and must not block. Payloads are read and written by
/// Jackson; unknown fields are an error. The methods are checked when the first channel of a class
/// is made, by the Quarkus extension when the application is built.
public abstract class TypedChannel extends Channel {
  private final Handlers handlers = Handlers.of(getClass());

  /// For subclasses; the client is not known yet.
  protected TypedChannel() {}

  /// What is wrong with the methods of a channel's class: each entry says what was expected and
  /// what was got.
  ///
  /// @param type the class
  /// @return one line for each mistake; empty when there is none
  public static List<String> check(Class<?> type) {
    return new HandlerScan(type).problems();
  }

  /// The types that payloads of a channel's class are read into and written from: what a native
  /// image must be told of.
  ///
  /// @param type the class
  /// @return the types
  public static Set<Class<?>> payloads(Class<?> type) {
    return new HandlerScan(type).payloads();
  }

  /// What stands behind the first colon of the topic: `42` of `room:42`.
  ///
  /// @return the rest, the whole topic when it has no colon
  protected final String subtopic() {
    return topic().substring(topic().indexOf(':') + 1);
  }

  /// Sends an event to this client alone.
  ///
  /// @param event the event
  /// @param payload anything Jackson can write
  protected final void push(String event, Object payload) {
    push(event, Handlers.payload(payload));
  }

  /// Sends an event to everybody who joined the topic, this client included.
  ///
  /// @param event the event
  /// @param payload anything Jackson can write
  protected final void broadcast(String event, Object payload) {
    broadcast(event, Handlers.payload(payload));
  }

  /// Sends an event to everybody else who joined the topic.
  ///
  /// @param event the event
  /// @param payload anything Jackson can write
  protected final void broadcastFrom(String event, Object payload) {
    broadcastFrom(event, Handlers.payload(payload));
  }

  @Override
  protected final JoinResult onJoin(String topic, Payload params) throws Exception {
    return handlers.join(this, topic, params);
  }

  @Override
  protected final Answer handleIn(String event, Payload payload) throws Exception {
    return handlers.message(this, event, payload);
  }

  @Override
  protected final Set<String> intercepts() {
    return handlers.intercepts();
  }

  @Override
  protected final void handleOut(String event, Payload payload) throws Exception {
    handlers.broadcast(this, event, payload);
  }

  @Override
  protected final void handleInfo(Object message) throws Exception {
    handlers.info(this, message);
  }

  @Override
  protected final void terminate(ExitReason reason) {
    handlers.leave(this, reason);
  }
}
