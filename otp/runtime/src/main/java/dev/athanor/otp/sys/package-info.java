/// A look into live processes: their state and status, suspending and resuming them, statistics,
/// logs and traces of what they do, and the change of their code. Start from
/// [dev.athanor.otp.sys.Sys]; for what a process does over time from [dev.athanor.otp.sys.Trace].
@NullMarked
package dev.athanor.otp.sys;

import org.jspecify.annotations.NullMarked;
