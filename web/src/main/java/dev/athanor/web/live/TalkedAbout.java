package dev.athanor.web.live;

import dev.athanor.domain.chat.Chat;
import dev.athanor.domain.chat.ChatMessage;
import dev.athanor.web.ReadThrough;
import dev.athanor.web.TableOwner;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;

/// What was said last about stories, from a table: however many come to read a story at once, the
/// database is asked once a second at most, and anew after whatever is said. Any thread.
@ApplicationScoped
class TalkedAbout {
  private final Chat chat;
  private final TableOwner owner;

  @Inject
  TalkedAbout(Chat chat, TableOwner owner) {
    this.chat = chat;
    this.owner = owner;
  }

  /// The last messages of a story for somebody who only reads; refused as [Chat#enter] does.
  Uni<List<ChatMessage>> read(UUID story) {
    return ReadThrough.get(owner.chats(), story, () -> chat.enter(story, null, null));
  }

  /// Something was said about the story, or an editor did something. Whoever comes from now on
  /// finds it; it is told to who is there already afterwards.
  void changed(UUID story) {
    ReadThrough.change(owner.chats(), chats -> chats.invalidate(story));
  }
}
