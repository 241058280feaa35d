package dev.athanor.domain.content;

import java.util.List;

/// What a PATCH says about a post: each field left out (unchanged), null (cleared) or given. The
/// whole changed post goes through the pipeline of its (perhaps new) type.
///
/// @param type the wire name of a [PostType]; cannot be cleared
/// @param title see [Post]
/// @param summary see [Post]
/// @param body see [Post]
/// @param url see [Post]
/// @param streams all slugs it shall be on from now; cannot be cleared
/// @param breaking null counts as false
/// @param publish true publishes a draft; false on a published post is an error: withdraw it
///   instead
public record PostChange(
    Field<String> type,
    Field<String> title,
    Field<String> summary,
    Field<String> body,
    Field<String> url,
    Field<List<String>> streams,
    Field<Boolean> breaking,
    Field<Boolean> publish) {
  /// The change that changes nothing; derive others with the `with` methods.
  public static PostChange none() {
    return new PostChange(
        Field.absent(),
        Field.absent(),
        Field.absent(),
        Field.absent(),
        Field.absent(),
        Field.absent(),
        Field.absent(),
        Field.absent());
  }

  /// This change and: publish the draft now.
  public PostChange andPublish() {
    return new PostChange(type, title, summary, body, url, streams, breaking, Field.of(true));
  }
}
