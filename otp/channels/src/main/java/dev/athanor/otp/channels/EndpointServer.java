package dev.athanor.otp.channels;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Owned;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.supervisor.ChildSpec;
import java.util.concurrent.CompletionStage;

/// The process by which an endpoint stands in a supervision tree. It opens the endpoint when it
/// starts and drains it before it stops; a kill, which leaves no time for that, closes all sockets.
final class EndpointServer implements GenServer<Object, Endpoint>, Owned {
  private final Endpoint endpoint;

  private EndpointServer(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  static ChildSpec child(Object id, Endpoint endpoint) {
    return ChildSpec.of(
        id,
        supervisor ->
            GenServer.startLink(supervisor, new EndpointServer(endpoint), ServerOptions.DEFAULT));
  }

  @Override
  public InitResult<Endpoint> init(ServerSelf<Object> self) {
    self.trapExit(true);
    self.node().own(self.pid(), this);
    endpoint.open(self.pid());
    return InitResult.ok(endpoint);
  }

  @Override
  public CompletionStage<?> prepareToStop(ExitReason reason, Endpoint state) {
    return state.drain();
  }

  @Override
  public void ownerExited(Pid<?> owner, ExitReason reason) {
    endpoint.close();
  }
}
