package dev.athanor.otp.ets;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/// Tables of one kind in files: how their keys and values become bytes and back (ets:tab2file,
/// ets:file2tab, ets:tabfile_info).
///
/// ```java
/// TableFile<Long, String> files = TableFile.of(Codec.LONG, Codec.STRING);
/// files.save(prices, path);
/// Table<Long, String> prices = files.load(tables, TableSpec.set("prices"), path);
/// ```
///
/// A file holds the name and type of its table, every object with its length, their number and a
/// checksum (CRC-32C) over all of it. It is written beside its place and moved there when it is
/// complete and on the disk, so that a crash leaves the old file or the new one. It is read twice:
/// a file that is cut off or damaged is refused before a single object is decoded. A table is found
/// by others when the last object is in it, or never.
///
/// What a table holds is written as a walk shows it; who needs one moment keeps writers away. The
/// methods block: on an event loop they throw [IllegalStateException]. Every other failure is a
/// [TableException.BadFile]. Objects are up to 2^31 - 1 bytes; no limit on their number. Java
/// serialization is not used and not possible by accident: what is decoded is what a codec makes.
public final class TableFile<K, V> {

  private static final long MAGIC = 0x41544841_5441424cL; // ATHATABL
  private static final int VERSION = 1;
  private static final int CHECKSUM_BYTES = 8;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Codec<K> keys;
  private final Codec<V> values;

  private TableFile(Codec<K> keys, Codec<V> values) {
    this.keys = keys;
    this.values = values;
  }

  /// Files whose keys and values are written by these codecs.
  public static <K, V> TableFile<K, V> of(Codec<K> keys, Codec<V> values) {
    return new TableFile<>(keys, values);
  }

  /// Writes a table into a file, in place of what is there; answers how many objects.
  ///
  /// @throws TableException.BadFile if it cannot be written; what was there stays
  public long save(Table<K, V> table, Path file) {
    table.mayBlock("saving a table to a file");
    Path target = file.toAbsolutePath();
    Path draft = null;
    try {
      draft =
          Files.createTempFile(
              target.getParent(), String.valueOf(target.getFileName()), ".incomplete");
      long count = write(table, draft);
      Files.move(
          draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      draft = null;
      return count;
    } catch (Unwritable e) {
      throw bad(file, "an object could not be encoded: " + e.getCause(), e.getCause());
    } catch (IOException e) {
      throw bad(file, "it cannot be written: " + e, e);
    } finally {
      discard(draft);
    }
  }

  private static void discard(@Nullable Path draft) {
    if (draft != null) {
      try {
        Files.deleteIfExists(draft);
      } catch (IOException _) {
        // The failure that left the draft behind is on its way to the caller.
      }
    }
  }

  private long write(Table<K, V> table, Path draft) throws IOException {
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      CRC32C sum = new CRC32C();
      DataOutputStream out =
          new DataOutputStream(
              new BufferedOutputStream(
                  new CheckedOutputStream(Channels.newOutputStream(channel), sum), BUFFER_BYTES));
      out.writeLong(MAGIC);
      out.writeInt(VERSION);
      out.writeUTF(table.name());
      out.writeUTF(table.type().name());
      long[] count = new long[1];
      table.forEach(
          (key, value) -> {
            try {
              byte[] object = encoded(key, value);
              out.writeBoolean(true);
              out.writeInt(object.length);
              out.write(object);
              count[0]++;
            } catch (IOException | RuntimeException e) {
              throw new Unwritable(e);
            }
          });
      out.writeBoolean(false);
      out.writeLong(count[0]);
      out.flush();
      out.writeLong(sum.getValue());
      out.flush();
      channel.force(true);
      return count[0];
    }
  }

  private byte[] encoded(K key, V value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    keys.write(key, out);
    values.write(value, out);
    return bytes.toByteArray();
  }

  /// Makes a table of what a file holds.
  ///
  /// @param tables where it is made
  /// @param spec what it is to be; of the type that was saved. The file says nothing about access,
  ///   owner and heir
  /// @param file the file
  /// @throws TableException.BadFile if there is none, if it is damaged or cut off, if it holds a
  ///   table of another type, or if a codec fails; then no table is made
  /// @throws TableException.NameTaken as [Tables#create] does
  /// @throws TableException.NoOwner as [Tables#create] does
  public Table<K, V> load(Tables tables, TableSpec<K, V> spec, Path file) {
    tables.mayBlock("loading a table from a file");
    Contents contents = inspect(file);
    if (contents.type() != spec.type()) {
      throw bad(
          file, "it holds a table of type " + contents.type() + ", expected " + spec.type(), null);
    }
    Table<K, V> table = tables.prepare(spec);
    try (DataInputStream in = open(file)) {
      header(in, file);
      for (long n = 1; in.readBoolean(); n++) {
        byte[] object = in.readNBytes(in.readInt());
        try {
          decode(object, table);
        } catch (IOException | RuntimeException e) {
          throw bad(
              file, "object " + n + " of " + contents.size() + " could not be decoded: " + e, e);
        }
      }
    } catch (IOException e) {
      throw bad(file, "it cannot be read: " + e, e);
    }
    tables.publish(table, spec);
    return table;
  }

  private void decode(byte[] object, Table<K, V> table) throws IOException {
    ByteArrayInputStream bytes = new ByteArrayInputStream(object);
    DataInputStream in = new DataInputStream(bytes);
    table.fill(keys.read(in), values.read(in));
    if (bytes.available() > 0) {
      throw new IOException(bytes.available() + " of its bytes were left over");
    }
  }

  /// Checks a file from its first byte to its last and says what it holds.
  ///
  /// @throws TableException.BadFile if there is none, or if it is damaged or cut off
  public static Contents inspect(Path file) {
    if (!Files.isRegularFile(file)) {
      throw bad(file, "there is no such file", null);
    }
    CRC32C sum = new CRC32C();
    try (CheckedInputStream checked = new CheckedInputStream(open(file), sum)) {
      long end = Files.size(file) - CHECKSUM_BYTES;
      DataInputStream in = new DataInputStream(checked);
      Contents header = header(in, file);
      long count = 0;
      while (in.readBoolean()) {
        int length = in.readInt();
        if (length < 0 || length > end) {
          throw bad(file, "it is damaged: an object of " + length + " bytes", null);
        }
        in.skipNBytes(length);
        count++;
      }
      boolean counted = in.readLong() == count;
      long expected = sum.getValue();
      if (in.readLong() != expected || !counted || in.read() != -1) {
        throw bad(file, "it is damaged: its checksum does not fit what it holds", null);
      }
      return new Contents(header.name(), header.type(), count);
    } catch (EOFException e) {
      throw bad(file, "it is cut off or damaged: it ends too soon", e);
    } catch (IOException e) {
      throw bad(file, "it cannot be read: " + e, e);
    }
  }

  private static DataInputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    return new DataInputStream(in);
  }

  private static Contents header(DataInputStream in, Path file) throws IOException {
    if (in.readLong() != MAGIC) {
      throw bad(file, "it is no file of a table", null);
    }
    int version = in.readInt();
    if (version != VERSION) {
      throw bad(file, "it has format " + version + ", expected " + VERSION, null);
    }
    String name = in.readUTF();
    String type = in.readUTF();
    for (TableType known : TableType.values()) {
      if (known.name().equals(type)) {
        return new Contents(name, known, 0);
      }
    }
    throw bad(file, "it is damaged: a table of type " + type, null);
  }

  private static TableException.BadFile bad(Path file, String what, @Nullable Throwable cause) {
    return new TableException.BadFile("table file " + file + ": " + what, cause);
  }

  /// What a file holds.
  ///
  /// @param name the name of the table that was saved
  /// @param type its type
  /// @param size how many objects
  public record Contents(String name, TableType type, long size) {}

  /// How a key or value becomes bytes and back. Used by one thread at a time; what it throws ends
  /// the saving or loading with [TableException.BadFile].
  public interface Codec<T> {
    /// Numbers, in eight bytes.
    Codec<Long> LONG = of((value, out) -> out.writeLong(value), DataInput::readLong);

    /// Strings of any length, in UTF-8.
    Codec<String> STRING =
        of(
            (value, out) -> {
              byte[] bytes = value.getBytes(java.nio.charset.StandardCharsets.UTF_8);
              out.writeInt(bytes.length);
              out.write(bytes);
            },
            in -> {
              byte[] bytes = new byte[in.readInt()];
              in.readFully(bytes);
              return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
            });

    /// Writes a value.
    ///
    /// @throws IOException if it cannot
    void write(T value, DataOutput out) throws IOException;

    /// Reads what [#write] wrote, all of it and nothing more.
    ///
    /// @throws IOException if it cannot
    T read(DataInput in) throws IOException;

    /// A codec of two functions.
    static <T> Codec<T> of(Writer<T> writer, Reader<T> reader) {
      return new Codec<>() {
        @Override
        public void write(T value, DataOutput out) throws IOException {
          writer.write(value, out);
        }

        @Override
        public T read(DataInput in) throws IOException {
          return reader.read(in);
        }
      };
    }
  }

  /// The writing half of a codec.
  @FunctionalInterface
  public interface Writer<T> {
    /// Writes a value.
    ///
    /// @throws IOException if it cannot
    void write(T value, DataOutput out) throws IOException;
  }

  /// The reading half of a codec.
  @FunctionalInterface
  public interface Reader<T> {
    /// Reads a value.
    ///
    /// @throws IOException if it cannot
    T read(DataInput in) throws IOException;
  }

  private static final class Unwritable extends RuntimeException {
    Unwritable(Exception cause) {
      super(cause);
    }
  }
}
