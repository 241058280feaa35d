package dev.athanor.web;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// What can be set about the public face, below athanor.web.
@ConfigMapping(prefix = "athanor.web")
public interface WebConfig {
  /// The tables that answers come from.
  Cache cache();

  /// The tables that answers come from.
  interface Cache {
    /// Whether first pages come from a table. Off, every request asks the database.
    @WithDefault("true")
    boolean enabled();

    /// How many first pages are kept at most; one is some 10 KB.
    @WithDefault("4000")
    int maximumSize();
  }
}
