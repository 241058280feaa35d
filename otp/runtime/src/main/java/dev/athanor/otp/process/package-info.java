/// Isolated processes that own their state, receive messages in order and tell each other when they
/// end: pids, links, monitors, exit reasons, names, timers, and the scheduler they run on. Start
/// from [dev.athanor.otp.process.Node] and [dev.athanor.otp.process.Behavior].
@NullMarked
package dev.athanor.otp.process;

import org.jspecify.annotations.NullMarked;
