package dev.athanor.domain.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The claim of one application on the server's folder. The system gives it back when the owner is
/// gone, whatever end it came to.
final class FolderLock implements AutoCloseable {
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  static FolderLock take(PostgresFiles files) {
    try {
      Files.createDirectories(files.root());
      FileChannel channel =
          FileChannel.open(files.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new EmbeddedPostgresException(
            "the embedded PostgreSQL in "
                + files.root()
                + " is in use by "
                + owner(files)
                + "; stop that one, or give this one its own folder (athanor.home) or another"
                + " database (athanor.database.url)");
      }
      Files.writeString(files.owner(), Long.toString(ProcessHandle.current().pid()));
      return new FolderLock(channel);
    } catch (IOException e) {
      throw new EmbeddedPostgresException(
          "cannot write to " + files.root() + ": " + e.getMessage(), e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String owner(PostgresFiles files) {
    try {
      return "process " + Files.readString(files.owner()).strip();
    } catch (IOException e) {
      return "another process";
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new EmbeddedPostgresException("cannot give back the folder's lock", e);
    }
  }
}
