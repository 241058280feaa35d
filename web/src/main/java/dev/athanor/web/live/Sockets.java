package dev.athanor.web.live;

import dev.athanor.otp.channels.Endpoint;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.process.Node;
import dev.athanor.web.KnownStreams;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/// Where readers' sockets come in: `/socket/websocket`, spoken to by any Phoenix client. Declares
/// the channels `stream:*` and the front page's.
@ApplicationScoped
public class Sockets {
  private final PubSub pubSub;
  private final Endpoint endpoint;

  @Inject
  Sockets(Node node, KnownStreams streams) {
    pubSub = new PubSub(node);
    endpoint =
        Endpoint.builder(node, pubSub)
            .channel(Topics.STREAM + "*", () -> new StreamChannel(streams))
            .channel(Topics.FRONT, FrontChannel::new)
            .build();
  }

  void routes(@Observes Router router) {
    router
        .route("/socket/websocket")
        .order(-200)
        .handler(context -> endpoint.handle(context.request()));
  }

  void stop(@Observes ShutdownEvent event) {
    endpoint.close();
  }

  /// Tells everybody who joined the topic. Any thread.
  ///
  /// @param json the payload, JSON in UTF-8 that nobody changes any more
  void tell(String topic, String event, byte[] json) {
    pubSub.broadcast(topic, event, json);
  }
}
