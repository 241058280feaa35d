package dev.athanor.otp.process;

/// A process of a node with a [Node.Wire]: whatever is pushed is asked about first. A class of its
/// own, never loaded in production, so that sends elsewhere do not even look whether there is one.
final class WiredCell<M> extends Cell<M> {
  private final Node.Wire wire;

  WiredCell(
      long id,
      Strand strand,
      Behavior<M> behavior,
      SpawnOptions options,
      boolean checked,
      Node.Wire wire) {
    super(id, strand, behavior, options, checked);
    this.wire = wire;
  }

  @Override
  boolean push(Object payload) {
    boolean signal = payload instanceof Control;
    long delay = wire.carry(Carrier.current().cell, this, signal ? null : payload);
    if (delay == 0) {
      return super.push(payload);
    }
    if (delay < 0 && !signal) {
      return true;
    }
    node().scheduler().schedule(delay, () -> arrive(payload));
    return true;
  }

  private void arrive(Object payload) {
    if (!super.push(payload)) {
      if (payload instanceof Control control) {
        control.refused(this);
      } else {
        Exits.undelivered(this, payload, ExitReason.NO_PROCESS);
      }
    }
  }
}
