package dev.athanor.otp.quarkus.channels;

import dev.athanor.otp.channels.Connect;
import dev.athanor.otp.channels.ConnectInfo;

/// A bean that decides who may open a socket (`connect/3` of a `Phoenix.Socket`). At most one in an
/// application; without one everybody may, unknown. The build fails on two, and on a class that is
/// one but no bean.
@FunctionalInterface
public interface SocketConnect {
  /// Decides. Called on the event loop: must not block, `Connect.later` is for what takes time.
  ///
  /// @param info what is known of the client
  /// @return accept, with an id and assigns for the channels, or refuse
  Connect connect(ConnectInfo info);
}
