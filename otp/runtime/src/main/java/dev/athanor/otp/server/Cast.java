package dev.athanor.otp.server;

import dev.athanor.otp.process.Pid;

/// A cast on its way, to tell it from a plain message.
record Cast(Object message) implements Pid.Wrapper {
  @Override
  public Object content() {
    return message;
  }
}
