package dev.athanor.cms.desk;

import dev.athanor.domain.chat.Chat;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;

/// Moderating the chat of a story: its last messages, each to be removed, its author to be banned
/// from this chat for an hour or a day.
@ApplicationScoped
class ChatPages {
  private final Chat chat;

  @Inject
  ChatPages(Chat chat) {
    this.chat = chat;
  }

  /// @param path what follows /cms/chats: a story's id; and then a message's id and what to do
  void answer(Browser browser, String path, boolean reads) {
    String[] parts = path.split("/", -1);
    if (parts.length == 2 && reads) {
      show(browser, PostPages.id(parts[1]));
    } else if (parts.length == 4 && parts[2].matches("[0-9]{1,18}") && !reads) {
      change(browser, PostPages.id(parts[1]), Long.parseLong(parts[2]), parts[3]);
    } else {
      throw PostPages.nothingHere("/chats" + path);
    }
  }

  private void show(Browser browser, UUID story) {
    browser
        .exchange()
        .when(
            chat.enter(story, null, null),
            messages ->
                browser.page(
                    200, Templates.chat(browser.session(), story.toString(), messages.reversed())));
  }

  private void change(Browser browser, UUID story, long message, String what) {
    browser.form(
        _ -> {
          Uni<?> changed =
              switch (what) {
                case "remove" -> chat.remove(message);
                case "ban-hour" -> ban(message, Duration.ofHours(1));
                case "ban-day" -> ban(message, Duration.ofDays(1));
                default ->
                    throw PostPages.nothingHere("/chats/" + story + "/" + message + "/" + what);
              };
          browser.exchange().when(changed, _ -> browser.exchange().redirect("/cms/chats/" + story));
        });
  }

  private Uni<?> ban(long message, Duration length) {
    return chat.author(message).chain(author -> chat.ban(author, length));
  }
}
