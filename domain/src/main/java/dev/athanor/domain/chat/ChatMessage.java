package dev.athanor.domain.chat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/// One message about a story. Plain text, whatever it looks like: nobody may read it as HTML.
///
/// @param id grows with time
/// @param story the post it is about
/// @param nickname who wrote it, as a [Nickname] has it
/// @param text 1 to 500 characters
/// @param writtenAt when, by the database's clock
public record ChatMessage(long id, UUID story, String nickname, String text, Instant writtenAt) {
  /// How many characters (code points) a message may have.
  public static final int LONGEST = 500;

  /// As readers are told it: `id`, `nickname`, `text`, `at`.
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("nickname", nickname);
    json.put("text", text);
    json.put("at", writtenAt.toString());
    return json;
  }
}
