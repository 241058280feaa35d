package dev.athanor.domain.content;

import java.util.List;

/// The one encoder of a post. Everything that leaves the platform as a post (API, pages, events,
/// channels) carries this JSON, and a published post is stored with it:
/// `{"id","type","title","summary","body","url","breaking","published_at","streams":[..]}`. All
/// fields are always there, null where there is nothing; `published_at` is ISO-8601 in UTC with six
/// digits of a second. Pure functions: any thread.
public final class PostJson {
  private PostJson() {}

  /// The JSON of a post, without line breaks.
  public static String encode(Post post) {
    throw new UnsupportedOperationException();
  }

  /// The post of such JSON. Its status is published when it has a time, else draft. Text that
  /// [#encode] does not make is an `IllegalArgumentException`.
  public static Post decode(String json) {
    throw new UnsupportedOperationException();
  }

  /// The posts of a JSON array of such objects: what `StreamPage.posts()` gives.
  public static List<Post> decodePage(String json) {
    throw new UnsupportedOperationException();
  }
}
