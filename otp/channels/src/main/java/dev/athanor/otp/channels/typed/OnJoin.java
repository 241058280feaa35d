package dev.athanor.otp.channels.typed;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The method that decides about a join (`join/3`); a [TypedChannel] has exactly one.
///
/// It takes the topic (a `String`), the parameters (a type of its own), both in any order, or
/// nothing. It returns a `JoinResult`, or what the client is told with the `ok`: a record, a
/// `Payload`, nothing; or a `CompletionStage` or `Uni` of these. Parameters that do not fit the
/// type are refused with `{"reason":"bad payload",...}`.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnJoin {}
