/// Channels whose callbacks are annotated methods with typed payloads: what a client sends is read
/// into a record before the method sees it. Start from [TypedChannel].
@NullMarked
package dev.athanor.otp.channels.typed;

import org.jspecify.annotations.NullMarked;
