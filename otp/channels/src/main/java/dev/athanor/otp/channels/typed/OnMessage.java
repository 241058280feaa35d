package dev.athanor.otp.channels.typed;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The method that takes an event of the client (`handle_in/3`).
///
/// It takes the payload (a type of its own, or `Payload`) or nothing. It returns an `Answer`, or
/// what an `ok` carries: a record, a `Payload`; nothing means no reply; a `CompletionStage` or
/// `Uni` of these replies later. A payload that does not fit the type is answered with the error
/// `{"reason":"bad payload",...}` and the method is not called. An event that no method takes ends
/// the channel, as in Phoenix.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnMessage {
  /// Which event.
  ///
  /// @return its name
  String value();
}
