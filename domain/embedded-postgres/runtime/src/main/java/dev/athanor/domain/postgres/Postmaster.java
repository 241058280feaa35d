package dev.athanor.domain.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What `postmaster.pid` says of the server that wrote it: line 1 its process, line 4 its port,
/// line 8 its status.
///
/// @param pid the server's process
/// @param port where it listens; 0 as long as it has not written that
/// @param status `starting`, `ready`, `stopping`, `standby`; empty as long as it has not written
///   that
record Postmaster(long pid, int port, String status) {
  static Optional<Postmaster> read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new EmbeddedPostgresException("cannot read " + file + ": " + e.getMessage(), e);
    }
    try {
      long pid = lines.isEmpty() ? 0 : Long.parseLong(lines.getFirst().strip());
      int port = lines.size() < 4 ? 0 : Integer.parseInt(lines.get(3).strip());
      return Optional.of(new Postmaster(pid, port, lines.size() < 8 ? "" : lines.get(7).strip()));
    } catch (NumberFormatException e) {
      return Optional.of(new Postmaster(0, 0, ""));
    }
  }

  boolean ready() {
    return status.equals("ready");
  }

  /// Whether the process is alive and is a server on that data directory, rather than another
  /// process that was given the number of a dead one. A server's working directory is its data
  /// directory, which Linux shows; elsewhere its command has to do.
  boolean isServerOn(Path data) {
    Optional<ProcessHandle> process = pid <= 0 ? Optional.empty() : ProcessHandle.of(pid);
    if (process.isEmpty() || !process.get().isAlive()) {
      return false;
    }
    Path cwd = Path.of("/proc", Long.toString(pid), "cwd");
    if (Files.isSymbolicLink(cwd)) {
      try {
        return Files.isSameFile(cwd, data);
      } catch (IOException e) {
        return false;
      }
    }
    return process.get().info().command().map(c -> c.contains("postgres")).orElse(true);
  }
}
