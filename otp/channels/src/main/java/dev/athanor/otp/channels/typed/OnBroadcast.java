package dev.athanor.otp.channels.typed;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The method that takes a broadcast event on its way to this client (`intercept/1` and
/// `handle_out/3`): it pushes what this client is to see. It takes the payload, or nothing, and
/// returns nothing.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnBroadcast {
  /// Which event.
  ///
  /// @return its name
  String value();
}
