package dev.athanor.processor.push;

import dev.athanor.domain.readers.DeviceKind;

/// The way to a push service. Every CDI bean of this type that is configured delivers the
/// campaigns' batches of its kind; devices of a kind without one are counted as skipped.
public interface PushGateway {
  /// The kind of devices it delivers to.
  DeviceKind kind();

  /// Whether it has what it needs to deliver.
  boolean configured();

  /// How many connections it may have open at once, at least 1.
  int connections();

  /// How many pushes a connection may have under way at once, at least 1.
  int window();

  /// Opens a connection. It does not wait: one that cannot connect fails its pushes, and connects
  /// again by itself for later ones. Called on an event loop.
  PushConnection open();
}
