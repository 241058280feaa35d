package dev.athanor.web;

import dev.athanor.domain.chat.ChatMessage;
import dev.athanor.domain.streams.Stream;
import dev.athanor.otp.ets.Cache;
import dev.athanor.otp.ets.Tables;
import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.Self;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/// The process that owns the tables of the public face. It makes them when it starts and does
/// nothing else; when it dies they are gone, its supervisor starts it again with empty ones, and
/// requests in between go to the database.
final class WebTables implements Behavior<Void> {
  private static final Duration FRONT_IS_FRESH = Duration.ofMillis(500);
  private static final int FRONT_PAGES = 100;
  private static final int NAMES = 20_000;
  private static final int MATCHES = 2_000;
  private static final Duration MATCH_IS_FRESH = Duration.ofSeconds(10);
  private static final Duration OVER_IS_FRESH = Duration.ofHours(1);
  private static final int CHATS = 1_000;
  private static final Duration CHAT_IS_FRESH = Duration.ofSeconds(1);

  /// The tables of one life of the process.
  ///
  /// @param firstPages the first page of each stream, encoded
  /// @param front what is latest across streams, encoded or rendered
  /// @param streams streams by slug
  /// @param listed the first streams in order of name, by how many
  /// @param matches matches by id, encoded; one that is not over is read again soon, so that a
  ///   moment whose event never came is not missed for long
  /// @param chats what was said last, by story
  record Set(
      Cache<FirstPages.Key, FirstPages.Page> firstPages,
      Cache<String, Buffer> front,
      Cache<String, Stream> streams,
      Cache<Integer, List<Stream>> listed,
      Cache<UUID, KnownMatches.Match> matches,
      Cache<UUID, List<ChatMessage>> chats) {}

  private final Tables tables;
  private final int maximumSize;
  private final Consumer<Set> made;

  WebTables(Tables tables, int maximumSize, Consumer<Set> made) {
    this.tables = tables;
    this.maximumSize = maximumSize;
    this.made = made;
  }

  @Override
  public void onStart(Self<Void> self) {
    made.accept(
        new Set(
            Cache.<FirstPages.Key, FirstPages.Page>named("web.first_pages")
                .maximumSize(maximumSize)
                .owner(self.pid())
                .create(tables),
            Cache.<String, Buffer>named("web.front")
                .maximumSize(FRONT_PAGES)
                .expireAfterWrite(FRONT_IS_FRESH)
                .owner(self.pid())
                .create(tables),
            Cache.<String, Stream>named("web.streams")
                .maximumSize(NAMES)
                .owner(self.pid())
                .create(tables),
            Cache.<Integer, List<Stream>>named("web.listed")
                .expireAfterWrite(FRONT_IS_FRESH)
                .owner(self.pid())
                .create(tables),
            Cache.<UUID, KnownMatches.Match>named("web.matches")
                .maximumSize(MATCHES)
                .expireAfterWrite((_, match) -> match.isOver() ? OVER_IS_FRESH : MATCH_IS_FRESH)
                .owner(self.pid())
                .create(tables),
            Cache.<UUID, List<ChatMessage>>named("web.chats")
                .maximumSize(CHATS)
                .expireAfterWrite(CHAT_IS_FRESH)
                .owner(self.pid())
                .create(tables)));
  }

  @Override
  public void onMessage(Self<Void> self, Void message) {
    throw new AssertionError("a process without messages got one");
  }
}
