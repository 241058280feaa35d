package dev.athanor.domain.postgres;

import java.nio.file.Path;

/// Where everything of the embedded server lies: one folder, `postgres` in Athanor's home.
///
/// @param root that folder, absolute
record PostgresFiles(Path root) {
  static PostgresFiles under(Path home) {
    return new PostgresFiles(home.toAbsolutePath().normalize().resolve("postgres"));
  }

  Path data() {
    return root.resolve("data");
  }

  Path pidFile() {
    return data().resolve("postmaster.pid");
  }

  Path password() {
    return root.resolve("password");
  }

  Path lock() {
    return root.resolve("lock");
  }

  Path owner() {
    return root.resolve("owner");
  }

  Path log() {
    return root.resolve("server.log");
  }

  Path binaries(String version) {
    return root.resolve("binaries-" + version);
  }
}
