package dev.athanor.otp.quarkus;

import dev.athanor.otp.supervisor.ChildSpec;
import java.util.List;

/// A CDI bean that puts processes into the application's supervision tree.
///
/// Every bean of this type is asked for its children once, when Quarkus starts. They start in the
/// order of [#order()], one after the other, each when the one before has acknowledged its start;
/// at shutdown they end in reverse. A child that cannot start rolls the
/// earlier ones back and fails the start of the application.
///
/// The children are the arguments of the application's top supervisor, as the list that
/// `Application.start/2` hands to `Supervisor.start_link/2` in Elixir. Called on Quarkus's main
/// thread, which may block.
public interface Supervised {
  /// The place in the start order: lower starts earlier and stops later. Members of the house use
  /// 100 for stores and tables, 200 for servers, 300 for what takes in work.
  int order();

  /// The children, in start order; ids must be unique in the whole application.
  List<ChildSpec> children();
}
