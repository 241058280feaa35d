package dev.athanor.otp.process;

/// The inside of a behavior that shows nothing.
final class PlainInside implements Behavior.Inside {
  static final PlainInside NONE = new PlainInside();

  private PlainInside() {}
}
