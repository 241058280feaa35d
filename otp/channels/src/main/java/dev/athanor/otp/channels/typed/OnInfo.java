package dev.athanor.otp.channels.typed;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A method that takes messages of other processes and of timers (`handle_info/2`): those that are
/// of the type of its only parameter. Of several that fit, the one with the most special type is
/// called; of unrelated types, two interfaces for instance, always the same. It returns nothing;
// messages that no method takes are ignored.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnInfo {}
