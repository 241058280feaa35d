package dev.athanor.cms;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// What can be set about the editors' side, below athanor.cms.
@ConfigMapping(prefix = "athanor.cms")
public interface CmsConfig {
  /// Editors' sessions in a browser.
  Session session();

  /// Editors' sessions in a browser.
  interface Session {
    /// The secret that sessions are signed with, at least 32 characters. Unset, each start makes
    /// one up, and editors log in again after it; several instances must share one.
    Optional<String> key();

    /// How long a session lasts after the login.
    @WithDefault("12h")
    Duration lifetime();
  }
}
