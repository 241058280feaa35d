package dev.athanor.otp.process;

/// A plain behavior that somebody watches. It takes the place of the behavior in its cell, so that
/// processes nobody watches pay nothing.
final class Watched<M> implements Behavior<M> {
  private final Behavior<M> bare;
  private final Watcher watcher;

  Watched(Behavior<M> bare, Watcher watcher) {
    this.bare = bare;
    this.watcher = watcher;
  }

  static <M> Behavior<M> bare(Behavior<M> behavior) {
    return behavior instanceof Watched<M> watched ? watched.bare : behavior;
  }

  Watcher watcher() {
    return watcher;
  }

  @Override
  public void onMessage(Self<M> self, M message) throws Exception {
    watcher.saw(new SystemEvent(What.IN, message, null, null));
    bare.onMessage(self, message);
  }

  @Override
  public void onSignal(Self<M> self, Signal signal) throws Exception {
    watcher.saw(new SystemEvent(What.IN, signal, null, null));
    bare.onSignal(self, signal);
  }

  @Override
  public void onExit(Self<M> self, ExitReason reason) {
    bare.onExit(self, reason);
  }

  @Override
  public void onGone(Pid<M> pid, ExitReason reason) {
    watcher.saw(new SystemEvent(What.EXIT, reason, null, null));
    bare.onGone(pid, reason);
  }

  @Override
  public Inside inside() {
    return bare.inside();
  }

  @Override
  public void onSystem(Live process, SystemRequest request) {
    bare.onSystem(process, request);
  }

  @Override
  public boolean endsSuspension(Object messageOrSignal) {
    return bare.endsSuspension(messageOrSignal);
  }
}
