package dev.athanor.cms.api;

import dev.athanor.cms.Exchange;
import dev.athanor.domain.chat.Chat;
import dev.athanor.domain.chat.Nickname;
import dev.athanor.domain.input.JsonInput;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.validation.InvalidContent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What editors do about the chats of stories. A ban names a message, whose author it is for, or a
/// story and a nickname.
@ApplicationScoped
class ChatApi {
  private static final long LARGEST_BODY = 4096;
  private static final long MOST_MINUTES = Chat.LONGEST_BAN.toMinutes();
  private static final Set<String> JSON = Set.of("application/json");
  private static final List<String> FIELDS = List.of("message", "story", "nickname", "minutes");

  private final Chat chat;

  @Inject
  ChatApi(Chat chat) {
    this.chat = chat;
  }

  void remove(Exchange exchange, String text) {
    exchange.when(
        chat.remove(number(text)), _ -> exchange.context().response().setStatusCode(204).end());
    exchange.context().request().resume();
  }

  void ban(Exchange exchange) {
    PostApi.media(exchange, JSON);
    exchange.body(
        LARGEST_BODY,
        body -> {
          JsonInput input = JsonInput.read(body.getBytes(), FIELDS, Map.of());
          Long message = input.whole("message");
          String story = input.text("story");
          String nickname = input.text("nickname");
          Long minutes = input.whole("minutes");
          input.check();
          Duration length = length(minutes);
          exchange.when(
              author(message, story, nickname)
                  .flatMap(
                      author ->
                          chat.ban(author, length)
                              .map(
                                  until ->
                                      new JsonObject()
                                          .put("story", author.story().toString())
                                          .put("nickname", author.nickname().text())
                                          .put("until", until.toString()))),
              ban -> exchange.json(201, ban.toBuffer().getBytes()));
        });
  }

  private Uni<Chat.Author> author(
      @Nullable Long message, @Nullable String story, @Nullable String nickname) {
    if (message != null && story == null && nickname == null) {
      return chat.author(message);
    }
    if (message == null && story != null && nickname != null) {
      UUID id;
      try {
        id = UUID.fromString(story);
      } catch (IllegalArgumentException _) {
        throw new Refused(Problem.unknownPost(story));
      }
      return Uni.createFrom().item(new Chat.Author(id, Nickname.of(nickname), null));
    }
    throw InvalidContent.of(
        "message", "a message, or a story and a nickname", "neither, or some of both");
  }

  private static Duration length(@Nullable Long minutes) {
    if (minutes == null || minutes < 1 || minutes > MOST_MINUTES) {
      throw InvalidContent.of(
          "minutes",
          "a whole number from 1 to " + MOST_MINUTES,
          minutes == null ? "nothing" : minutes.toString());
    }
    return Duration.ofMinutes(minutes);
  }

  private static long number(String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw new Refused(
          Problem.of(
              404,
              "unknown-message",
              "There is no such message",
              "Expected the id of a message, got " + text + "."));
    }
    return Long.parseLong(text);
  }
}
