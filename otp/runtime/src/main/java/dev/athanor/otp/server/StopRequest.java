package dev.athanor.otp.server;

import dev.athanor.otp.process.ExitReason;

/// The request every server understands: to stop.
record StopRequest(ExitReason reason) {}
