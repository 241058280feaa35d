package dev.athanor.otp.channels;

import dev.athanor.otp.channels.presence.Presence;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.ExitReason;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// The channel of the scenarios: one event for everything a channel can do.
final class RoomChannel extends Channel {
  private final Presence presence;

  RoomChannel(Presence presence) {
    this.presence = presence;
  }

  @Override
  protected JoinResult onJoin(String topic, Payload params) {
    return switch (topic) {
      case "room:reply" -> JoinResult.ok(Payload.of(Map.of("hello", params.json())));
      case "room:deny" -> JoinResult.refuse(denied(params));
      case "room:crashjoin" -> throw new IllegalStateException("as asked");
      case "room:later" ->
          JoinResult.later(
              new CompletableFuture<JoinResult>()
                  .completeOnTimeout(
                      JoinResult.ok(), 30, java.util.concurrent.TimeUnit.MILLISECONDS));
      case "room:a", "room:p" -> present();
      default -> JoinResult.ok();
    };
  }

  /// Where somebody who has said who it is can be seen.
  private JoinResult present() {
    if (socket().assign("user") instanceof String user) {
      track(presence, user, Payload.of(Map.of("online_at", 1)));
    }
    return JoinResult.ok();
  }

  private static Payload denied(Payload params) {
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("reason", "denied");
    response.put("got", params.json());
    return Payload.of(response);
  }

  @Override
  protected Set<String> intercepts() {
    return Set.of("shout_out");
  }

  @Override
  protected Answer handleIn(String event, Payload payload) {
    switch (event) {
      case "echo", "ping" -> {
        return Answer.ok(payload);
      }
      case "ok" -> {
        return Answer.ok();
      }
      case "err" -> {
        return Answer.error(Payload.of(Map.of("why", 1)));
      }
      case "noreply" -> {
        return Answer.none();
      }
      case "later" -> {
        ReplyRef ref = replyRef();
        Thread.startVirtualThread(() -> ref.ok(payload));
        return Answer.none();
      }
      case "answer_later" -> {
        return Answer.later(CompletableFuture.supplyAsync(() -> Answer.ok(payload)));
      }
      case "shout", "shout_out" -> broadcast(event, payload);
      case "shout_from" -> broadcastFrom(event, payload);
      case "shoutbin" -> broadcast("shout", payload);
      case "push", "pushbin" -> push("pushed", payload);
      case "update" ->
          presence.update(pid(), topic(), String.valueOf(socket().assign("user")), payload);
      case "crash" -> throw new IllegalStateException("as asked");
      case "stop" -> {
        return Answer.stop(ExitReason.NORMAL);
      }
      case "stop_shutdown" -> {
        return Answer.stop(ExitReason.SHUTDOWN, Answer.ok(Payload.of(Map.of("bye", 1))));
      }
      case "stop_bad" -> {
        return Answer.stop(ExitReason.of("bad"));
      }
      default -> throw new IllegalArgumentException("unknown event " + event);
    }
    return Answer.none();
  }

  @Override
  protected void handleOut(String event, Payload payload) {
    Map<String, Object> seen = new LinkedHashMap<>();
    payload.json().properties().forEach(field -> seen.put(field.getKey(), field.getValue()));
    seen.put("seen_by", String.valueOf(socket().assign("user")));
    push(event, Payload.of(seen));
  }
}
