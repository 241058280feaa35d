package dev.athanor.web;

import dev.athanor.domain.streams.Stream;
import dev.athanor.otp.ets.Cache;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/// Holds the tables of the process that owns them now. Any thread may ask.
@ApplicationScoped
public class TableOwner {
  private volatile WebTables.@Nullable Set tables;

  /// The table of streams by slug, or null while there is none.
  public @Nullable Cache<String, Stream> streams() {
    WebTables.Set now = tables;
    return now == null ? null : now.streams();
  }

  WebTables.@Nullable Set tables() {
    return tables;
  }

  void made(WebTables.Set made) {
    tables = made;
  }
}
