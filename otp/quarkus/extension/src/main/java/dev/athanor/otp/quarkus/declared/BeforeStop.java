package dev.athanor.otp.quarkus.declared;

/// A bean that has something to do while the application still works as ever, right before it
/// stops: connections to tell, work to hand over. Quarkus closes the HTTP server, and whatever is
/// connected to it, before it tells anybody of the shutdown by an event; this comes earlier.
public interface BeforeStop {
  /// Does it. Called once, on the thread that stops the application, which waits; after
  /// `quarkus.shutdown.delay`, if there is one. What it throws is logged and stops nothing.
  void beforeStop();
}
