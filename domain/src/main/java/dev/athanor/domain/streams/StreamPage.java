package dev.athanor.domain.streams;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One page of a stream, newest first, already encoded: the posts as one JSON array in UTF-8, put
/// together by the database from what each post was stored with, and the place where the next page
/// starts. Immutable, and so may be kept in a table and written to any number of readers.
public final class StreamPage {
  private static final byte[] HEAD = "{\"data\":".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NEXT = ",\"next\":".getBytes(StandardCharsets.UTF_8);

  private final byte[] body;
  private final int postsLength;
  private final int size;
  private final @Nullable Cursor next;

  StreamPage(byte[] posts, int size, @Nullable Cursor next) {
    this.size = size;
    this.next = next;
    this.postsLength = posts.length;
    byte[] tail =
        (next == null ? "null}" : '"' + next.toString() + "\"}").getBytes(StandardCharsets.UTF_8);
    this.body = new byte[HEAD.length + posts.length + NEXT.length + tail.length];
    System.arraycopy(HEAD, 0, body, 0, HEAD.length);
    System.arraycopy(posts, 0, body, HEAD.length, posts.length);
    System.arraycopy(NEXT, 0, body, HEAD.length + posts.length, NEXT.length);
    System.arraycopy(tail, 0, body, body.length - tail.length, tail.length);
  }

  /// The whole answer, `{"data":[..],"next":CURSOR or null}` in UTF-8. The array is the page's own
  /// and is handed out without a copy, since it goes straight to the socket: it must not be
  /// changed.
  public byte[] body() {
    return body;
  }

  /// The array of posts alone, `[{"id":..},..]`; decode it with `PostJson.decodePage`.
  public String posts() {
    return new String(body, HEAD.length, postsLength, StandardCharsets.UTF_8);
  }

  /// How many posts the page holds.
  public int size() {
    return size;
  }

  /// Where the next, older page starts; null on the last page.
  public @Nullable Cursor next() {
    return next;
  }

  @Override
  public String toString() {
    return "StreamPage[size=" + size + ", next=" + Objects.toString(next) + "]";
  }
}
