package dev.athanor.otp.quarkus.channels;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Says which topics a channel takes, and makes its class a bean (`channel "room:*", RoomChannel`
/// in a `Phoenix.Socket`).
///
/// On a subclass of `Channel` or `TypedChannel`. Every join makes an instance, with whatever it
/// injects; so the class has no scope, and what it injects should have one (`@Singleton`,
/// `@ApplicationScoped`), as nothing is destroyed when the channel ends: `@OnLeave` and `terminate`
/// are for that. A whole topic is looked for before patterns, a longer pattern before a shorter
/// one.
///
/// The build fails on a pattern that is declared twice, a scope, and on wrong methods of a
/// `TypedChannel`.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ChannelTopic {
  /// Which topics.
  ///
  /// @return a topic, `news`, or a prefix with `*` at its end, `room:*`
  String value();
}
