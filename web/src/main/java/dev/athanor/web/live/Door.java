package dev.athanor.web.live;

import dev.athanor.otp.channels.Connect;
import dev.athanor.otp.channels.ConnectInfo;
import dev.athanor.otp.quarkus.channels.SocketConnect;
import jakarta.inject.Singleton;
import java.util.Map;

/// Lets every reader open a socket, and tells the channels from which network address.
@Singleton
final class Door implements SocketConnect {
  /// The assign: the address without the port.
  static final String ADDRESS = "address";

  @Override
  public Connect connect(ConnectInfo info) {
    String peer = info.remoteAddress();
    int port = peer.lastIndexOf(':');
    return Connect.accept(null, Map.of(ADDRESS, port < 0 ? peer : peer.substring(0, port)));
  }
}
