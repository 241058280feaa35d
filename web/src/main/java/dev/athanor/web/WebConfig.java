package dev.athanor.web;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// What can be set about the public face, below athanor.web.
@ConfigMapping(prefix = "athanor.web")
public interface WebConfig {
  /// The tables that answers come from.
  Cache cache();

  /// How often readers may change what is kept about them.
  Readers readers();

  /// How often readers may change what is kept about them; more is answered with 429.
  interface Readers {
    /// New readers a second from one network address; ten times as many at once.
    @WithDefault("20")
    int madePerSecond();

    /// Changes of subscriptions and devices a second by one reader; twenty times as many at once.
    @WithDefault("5")
    int changesPerSecond();
  }

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
