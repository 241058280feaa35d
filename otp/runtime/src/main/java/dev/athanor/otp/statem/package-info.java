/// State machines as processes: events are handled differently from state to state, may be put off
/// until the state changes, and states have timeouts. Start from
/// [dev.athanor.otp.statem.GenStatem].
@NullMarked
package dev.athanor.otp.statem;

import org.jspecify.annotations.NullMarked;
