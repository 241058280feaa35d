package dev.athanor.otp.channels.example;

import dev.athanor.otp.channels.Answer;
import dev.athanor.otp.channels.Channel;
import dev.athanor.otp.channels.Connect;
import dev.athanor.otp.channels.Endpoint;
import dev.athanor.otp.channels.JoinResult;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.token.Token;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.Node;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.util.Map;

/// The example of the README: readers of a guestbook see each entry as it is written.
final class GuestbookExample {
  private GuestbookExample() {}

  /// One reader's conversation about one book; its fields are its state.
  static final class GuestbookChannel extends Channel {
    private int written;

    @Override
    protected JoinResult onJoin(String topic, Payload params) {
      return JoinResult.ok(Payload.of(Map.of("book", topic.substring("guestbook:".length()))));
    }

    @Override
    protected Answer handleIn(String event, Payload payload) {
      if (!event.equals("write")) {
        return Answer.error(Payload.of(Map.of("reason", "expected the event 'write'")));
      }
      if (++written > 10) {
        return Answer.error(Payload.of(Map.of("reason", "at most 10 entries each")));
      }
      broadcast("entry", payload);
      return Answer.ok(Payload.of(Map.of("written", written)));
    }
  }

  static Endpoint endpoint(Node node, PubSub pubSub, Token token) {
    return Endpoint.builder(node, pubSub)
        .channel("guestbook:*", GuestbookChannel::new)
        .connect(
            info ->
                switch (token.verify(String.valueOf(info.param("token")), Duration.ofDays(1))) {
                  case Token.Verified.Valid(var user, var signedAt) ->
                      Connect.accept("user:" + user, Map.of("user", user, "since", signedAt));
                  case Token.Verified.Expired expired -> Connect.refuse();
                  case Token.Verified.Invalid invalid -> Connect.refuse();
                })
        .build();
  }

  static HttpServer server(Vertx vertx, Endpoint endpoint) {
    return vertx
        .createHttpServer()
        .requestHandler(
            request -> {
              if ("/socket/websocket".equals(request.path())) {
                endpoint.handle(request);
              } else {
                request.response().setStatusCode(404).end();
              }
            });
  }

  /// From anywhere on the node, an event consumer for instance: JSON that is encoded already.
  static void announce(PubSub pubSub, String book, byte[] json) {
    pubSub.broadcast("guestbook:" + book, "entry", json);
  }
}
