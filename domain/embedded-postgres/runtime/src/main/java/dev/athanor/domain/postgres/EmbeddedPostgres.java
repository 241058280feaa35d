package dev.athanor.domain.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/// A real PostgreSQL server as a child of this application: its programs come from the class path,
/// its data stays in a folder between runs, it listens on a free port of 127.0.0.1 and wants a
/// password that was made up when the folder was.
///
/// The folder belongs to one application at a time: a file lock says so, which the system gives
/// back whatever end the owner comes to. A server that outlived its owner (`kill -9`) is simply
/// taken over, a stale `postmaster.pid` is removed. Half-made folders do not exist: programs and
/// data are prepared beside their place and moved there. A server that dies is started again on its
/// port, as often as that happens; its clients connect anew.
///
/// Nothing is given up for speed of what a database promises: `fsync` and `synchronous_commit` are
/// on.
public final class EmbeddedPostgres implements AutoCloseable {
  /// The database and its owner.
  public static final String NAME = "athanor";

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final long POLL_NANOS = 3_000_000;
  private static final Logger LOG = Logger.getLogger(EmbeddedPostgres.class);

  /// What a small server on a shared machine wants; the rest is PostgreSQL's default.
  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "max_connections=60",
          "shared_buffers=128MB",
          "io_method=sync",
          "wal_level=minimal",
          "max_wal_senders=0",
          "max_parallel_workers_per_gather=0",
          "random_page_cost=1.1",
          "jit=off",
          "log_timezone=UTC",
          "timezone=UTC");

  private final PostgresFiles files;
  private final PostgresCommands commands;
  private final FolderLock lock;
  private final int port;

  /// Guarded by this object's lock.
  private boolean closed;

  private EmbeddedPostgres(
      PostgresFiles files, PostgresCommands commands, FolderLock lock, int port) {
    this.files = files;
    this.commands = commands;
    this.lock = lock;
    this.port = port;
  }

  /// Starts the server whose folder is `postgres` under that home, and waits until it answers.
  /// Blocks: well under a second, some seconds the first time. What goes wrong is an
  /// [EmbeddedPostgresException]; another application on the same folder is one.
  public static EmbeddedPostgres start(Path home) {
    PostgresFiles files = PostgresFiles.under(home);
    FolderLock lock = FolderLock.take(files);
    try {
      PostgresCommands commands = new PostgresCommands(PostgresBinaries.unpacked(files));
      if (!Files.isDirectory(files.data())) {
        initialize(files, commands);
      }
      int port = takeOver(files);
      if (port == 0) {
        Files.deleteIfExists(files.log());
        port = freePort();
        launch(files, commands, port);
      }
      EmbeddedPostgres server = new EmbeddedPostgres(files, commands, lock, port);
      server.watch();
      return server;
    } catch (IOException e) {
      lock.close();
      throw new EmbeddedPostgresException(
          "cannot prepare " + files.root() + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /// Where it listens on 127.0.0.1.
  public int port() {
    return port;
  }

  /// The password of the user [#NAME].
  public String password() {
    return password(files);
  }

  PostgresFiles files() {
    return files;
  }

  static String password(PostgresFiles files) {
    try {
      return Files.readString(files.password()).strip();
    } catch (IOException e) {
      throw new EmbeddedPostgresException("cannot read " + files.password(), e);
    }
  }

  /// Stops the server: open connections are cut, what is committed is on disk. A second call does
  /// nothing.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (Postmaster.read(files.pidFile()).filter(it -> it.isServerOn(files.data())).isPresent()) {
        commands.run(
            files.root().resolve("stop.log"),
            "",
            List.of(
                "pg_ctl", "stop", "-w", "-t", "30", "-m", "fast", "-D", files.data().toString()));
      }
    } finally {
      lock.close();
    }
  }

  /// Gives up the folder and leaves the server running, as an owner does that is killed.
  synchronized void abandon() {
    closed = true;
    lock.close();
  }

  /// Waits for the end of the server that runs now.
  private void watch() {
    var _ =
        Postmaster.read(files.pidFile())
            .flatMap(running -> ProcessHandle.of(running.pid()))
            .map(ProcessHandle::onExit)
            .orElseGet(() -> CompletableFuture.completedFuture(null))
            .thenRun(this::reviveAside);
  }

  private void reviveAside() {
    Thread.ofPlatform().daemon().name("postgres-revive").start(this::revive);
  }

  /// Starts the server again, unless it was to end.
  private void revive() {
    Duration pause = Duration.ofMillis(250);
    while (!revived()) {
      LockSupport.parkNanos(pause.toNanos());
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }
  }

  /// Whether there is nothing left to do.
  private synchronized boolean revived() {
    if (closed) {
      return true;
    }
    try {
      if (takeOver(files) == 0) {
        LOG.warnf("The embedded PostgreSQL is gone, it is started again; see %s", files.log());
        launch(files, commands, port);
      }
      watch();
      return true;
    } catch (IOException | EmbeddedPostgresException e) {
      LOG.warnf("The embedded PostgreSQL could not be started again yet: %s", e.getMessage());
      return false;
    }
  }

  private static void initialize(PostgresFiles files, PostgresCommands commands)
      throws IOException {
    Path partial = files.root().resolve("data.partial");
    PostgresBinaries.delete(partial);
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    Files.deleteIfExists(files.password());
    Files.writeString(files.password(), HexFormat.of().formatHex(random) + "\n");
    if (files.password().getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(files.password(), PosixFilePermissions.fromString("rw-------"));
    }
    Path output = files.root().resolve("init.log");
    commands.run(
        output,
        "",
        List.of(
            "initdb",
            "--pgdata=" + partial,
            "--username=" + NAME,
            "--pwfile=" + files.password(),
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8"));
    commands.run(
        output,
        "CREATE DATABASE " + NAME + "\n",
        List.of("postgres", "--single", "-D", partial.toString(), "template1"));
    Files.move(partial, files.data(), StandardCopyOption.ATOMIC_MOVE);
  }

  /// The port of a server that runs on the data already, since whoever started it was killed; 0
  /// when there is none, and then no `postmaster.pid` is in the way of a new one either.
  private static int takeOver(PostgresFiles files) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      Optional<Postmaster> running = Postmaster.read(files.pidFile());
      if (running.isEmpty()) {
        return 0;
      }
      if (!running.get().isServerOn(files.data())) {
        Files.deleteIfExists(files.pidFile());
        return 0;
      }
      if (running.get().ready()) {
        return running.get().port();
      }
      pauseUntil(deadline, files);
    }
  }

  private static void launch(PostgresFiles files, PostgresCommands commands, int port)
      throws IOException {
    Path output = files.root().resolve("start.log");
    StringBuilder options = new StringBuilder("-p ").append(port);
    SETTINGS.forEach(setting -> options.append(" -c ").append(setting));
    List<String> command =
        List.of(
            "pg_ctl",
            "start",
            "-w",
            "-t",
            Long.toString(START_LIMIT.toSeconds()),
            "-D",
            files.data().toString(),
            "-l",
            files.log().toString(),
            "-o",
            options.toString());
    Process starter = commands.start(output, command);
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      Optional<Postmaster> server = Postmaster.read(files.pidFile());
      if (server.isPresent() && server.get().ready() && server.get().port() == port) {
        return;
      }
      if (!starter.isAlive() && starter.exitValue() != 0) {
        String log = Files.exists(files.log()) ? Files.readString(files.log()) : "";
        throw commands.failed(command, Files.readString(output) + log);
      }
      pauseUntil(deadline, files);
    }
  }

  private static void pauseUntil(long deadline, PostgresFiles files) {
    if (System.nanoTime() - deadline > 0) {
      throw new EmbeddedPostgresException(
          "the embedded PostgreSQL was not ready after " + START_LIMIT + "; see " + files.log());
    }
    LockSupport.parkNanos(POLL_NANOS);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}
