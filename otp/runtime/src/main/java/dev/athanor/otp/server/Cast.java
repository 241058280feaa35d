package dev.athanor.otp.server;

import dev.athanor.otp.process.Pid;
import java.util.Objects;

/// A cast on its way, to tell it from a plain message.
record Cast(Object message) implements Pid.Wrapper {
  static final String NOTHING = "null is no message; send an immutable object";

  Cast {
    Objects.requireNonNull(message, NOTHING);
  }

  @Override
  public Object content() {
    return message;
  }
}
