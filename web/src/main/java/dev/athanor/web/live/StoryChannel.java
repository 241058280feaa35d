package dev.athanor.web.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.athanor.domain.chat.ChatMessage;
import dev.athanor.domain.chat.Nickname;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.store.Outage;
import dev.athanor.otp.channels.Answer;
import dev.athanor.otp.channels.Channel;
import dev.athanor.otp.channels.JoinResult;
import dev.athanor.otp.channels.ReplyRef;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.quarkus.channels.ChannelTopic;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// A reader in the chat of a story (`story:{id}`).
///
/// Joining with `{"nickname","token"}`, both optional, is answered with `{"nickname","messages"}`,
/// the last 50; who has no nickname only reads. `presence_state` and `presence_diff` tell who is
/// here on this node, by nickname. `say` with `{"text"}` is answered with the message's id, and
/// everybody gets `message`, on all nodes. `message_removed` and `banned` tell what an editor did.
///
/// Refusals are `{"reason","detail"}` with `errors` field by field where somebody typed something
/// wrong; the reasons are those of [Chat], `no-nickname`, `too-fast` with `retry_after` in seconds,
/// and `unknown-event`. The reader of a token, or without one a network address, may say five
/// things at once and then one every two seconds; about one story 50 a second are said by all, and
/// from one address 5 nicknames a second come in, 50 at once.
@ChannelTopic(Topics.STORY + "*")
final class StoryChannel extends Channel {
  private static final Object ENTERED = "entered";

  private final ChatRooms rooms;
  private @Nullable UUID story;
  private @Nullable Nickname nickname;
  private @Nullable UUID reader;

  @Inject
  StoryChannel(ChatRooms rooms) {
    this.rooms = rooms;
  }

  @Override
  protected JoinResult onJoin(String topic, Payload params) {
    String text = topic.substring(Topics.STORY.length());
    UUID id;
    try {
      id = UUID.fromString(text);
      if (!id.toString().equals(text)) { // another way to write it would be another topic
        return JoinResult.refuse(told(Problem.unknownPost(text)));
      }
      JsonNode wanted = params.isBinary() ? null : params.json().get("nickname");
      if (wanted != null && !wanted.isNull()) {
        nickname = Nickname.of(wanted.isTextual() ? wanted.textValue() : "");
      }
    } catch (IllegalArgumentException notAnId) {
      return JoinResult.refuse(told(Problem.unknownPost(text)));
    } catch (RuntimeException refused) {
      return JoinResult.refuse(told(refused));
    }
    story = id;
    Nickname name = nickname;
    int wait = name == null ? 0 : rooms.waitToEnter(address());
    if (wait > 0) {
      return JoinResult.refuse(tooFast("Expected a few nicknames a second from one address", wait));
    }
    pid().send(ENTERED);
    Uni<List<ChatMessage>> messages =
        name == null
            ? rooms.stories().read(id)
            : recognized(params).flatMap(known -> rooms.chat().enter(id, name, known));
    return JoinResult.later(
        messages
            .map(last -> JoinResult.ok(welcome(name, last)))
            .onFailure()
            .recoverWithItem(failure -> JoinResult.refuse(told(failure)))
            .subscribeAsCompletionStage());
  }

  private Uni<@Nullable UUID> recognized(Payload params) {
    JsonNode token = params.isBinary() ? null : params.json().get("token");
    if (token == null || !token.isTextual()) {
      return Uni.createFrom().nullItem();
    }
    return rooms.readers().recognize(token.textValue()).invoke(known -> reader = known);
  }

  private static Payload welcome(@Nullable Nickname nickname, List<ChatMessage> messages) {
    Map<String, Object> welcome = new LinkedHashMap<>();
    welcome.put("nickname", nickname == null ? null : nickname.text());
    welcome.put("messages", messages.stream().map(ChatMessage::toJson).toList());
    return Payload.of(welcome);
  }

  /// Comes when the join has been decided, not before: who is refused is not seen.
  @Override
  protected void handleInfo(Object message) {
    if (!message.equals(ENTERED)) {
      return;
    }
    if (nickname != null) {
      track(rooms.presence(), nickname.text(), Payload.EMPTY);
    } else {
      await(
          rooms.presence().state(topic()),
          (state, failure) -> push("presence_state", state == null ? Payload.EMPTY : state));
    }
  }

  @Override
  protected Answer handleIn(String event, Payload payload) {
    if (!event.equals("say")) {
      return Answer.error(
          refusal("unknown-event", "Expected the event say, got " + event + ".", Map.of()));
    }
    Nickname name = nickname;
    UUID about = story;
    if (name == null || about == null) {
      return Answer.error(
          refusal("no-nickname", "Expected to have joined with a nickname.", Map.of()));
    }
    int wait = rooms.waitToSay(about, reader == null ? address() : reader);
    if (wait > 0) {
      return Answer.error(
          tooFast("Expected at most five messages at once and one every two seconds", wait));
    }
    JsonNode text = payload.isBinary() ? null : payload.json().get("text");
    ReplyRef later = replyRef();
    await(
        rooms
            .chat()
            .say(about, name, reader, text == null || !text.isTextual() ? "" : text.textValue())
            .subscribeAsCompletionStage(),
        (said, failure) -> {
          if (said == null) {
            later.error(told(failure == null ? new IllegalStateException() : failure));
          } else {
            later.ok(Payload.of(Map.of("id", said.id())));
          }
        });
    return Answer.none();
  }

  private String address() {
    return socket().assign(Door.ADDRESS) instanceof String known ? known : "";
  }

  private static Payload tooFast(String expected, int wait) {
    return refusal(
        "too-fast", expected + "; try again in " + wait + " s.", Map.of("retry_after", wait));
  }

  private static Payload refusal(String reason, String detail, Map<String, ?> more) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("reason", reason);
    told.put("detail", detail);
    told.putAll(more);
    return Payload.of(told);
  }

  private static Payload told(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    Problem problem = Problem.of(cause);
    return told(
        problem != null
            ? problem
            : Outage.isBehind(cause) ? Problem.unavailable() : Problem.unexpected());
  }

  private static Payload told(Problem problem) {
    Map<String, Object> more = new LinkedHashMap<>();
    if (!problem.errors().isEmpty()) {
      more.put("errors", problem.errors());
    }
    more.putAll(problem.more());
    return refusal(problem.kind(), problem.detail(), more);
  }
}
