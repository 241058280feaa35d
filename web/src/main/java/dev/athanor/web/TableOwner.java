package dev.athanor.web;

import dev.athanor.domain.chat.ChatMessage;
import dev.athanor.domain.streams.Stream;
import dev.athanor.otp.ets.Cache;
import dev.athanor.otp.ets.Tables;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.quarkus.Supervised;
import dev.athanor.otp.supervisor.ChildSpec;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Puts the process that owns the tables of the public face into the application's tree, and tells
/// which tables are there now. Any thread may ask.
@ApplicationScoped
public class TableOwner implements Supervised {
  private final Node node;
  private final WebConfig config;

  /// Written by the owner's process when it starts, read by every request (volatile).
  private volatile WebTables.@Nullable Set tables;

  @Inject
  TableOwner(Node node, WebConfig config) {
    this.node = node;
    this.config = config;
  }

  @Override
  public int order() {
    return 100;
  }

  @Override
  public List<ChildSpec> children() {
    Tables all = new Tables(node);
    int size = config.cache().maximumSize();
    return List.of(
        ChildSpec.<Void>process("web.tables", () -> new WebTables(all, size, this::made)));
  }

  /// The table of streams by slug, or null while there is none.
  public @Nullable Cache<String, Stream> streams() {
    WebTables.Set now = tables;
    return now == null ? null : now.streams();
  }

  /// The streams that pages list, by how many, or null while there is no table.
  public @Nullable Cache<Integer, List<Stream>> listed() {
    WebTables.Set now = tables;
    return now == null ? null : now.listed();
  }

  /// What was said last about stories, or null while there is no table.
  public @Nullable Cache<UUID, List<ChatMessage>> chats() {
    WebTables.Set now = tables;
    return now == null ? null : now.chats();
  }

  /// The tables that answers come from; null while there are none, or when they are switched off.
  WebTables.@Nullable Set tables() {
    return config.cache().enabled() ? tables : null;
  }

  private void made(WebTables.Set made) {
    tables = made;
  }
}
