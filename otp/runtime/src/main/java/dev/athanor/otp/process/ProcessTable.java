package dev.athanor.otp.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All live processes of a node: an array a shard, 4 bytes a process and as much in the cell for
/// its place. Each shard is guarded by its own lock; a removed cell's place is taken by the last.
final class ProcessTable {
  private static final int SHARDS = 16;

  private final Shard[] shards = new Shard[SHARDS];
  private final List<Consumer<? super Pid<?>>> births = new CopyOnWriteArrayList<>();

  ProcessTable() {
    Arrays.setAll(shards, i -> new Shard());
  }

  /// Adds a cell that nobody else knows yet.
  ///
  /// @return false when the table is closed
  boolean add(Cell<?> cell) {
    if (!shard(cell).add(cell)) {
      return false;
    }
    if (!births.isEmpty()) {
      births.forEach(told -> told.accept(cell));
    }
    return true;
  }

  Runnable onSpawn(Consumer<? super Pid<?>> told) {
    births.add(told);
    return () -> births.remove(told);
  }

  void remove(Cell<?> cell) {
    shard(cell).remove(cell);
  }

  List<Pid<?>> snapshot() {
    List<Pid<?>> all = new ArrayList<>();
    for (Shard shard : shards) {
      shard.copyTo(all);
    }
    return all;
  }

  /// Refuses every later process and returns the present ones.
  List<Pid<?>> close() {
    for (Shard shard : shards) {
      shard.close();
    }
    return snapshot();
  }

  int size() {
    int size = 0;
    for (Shard shard : shards) {
      size += shard.size();
    }
    return size;
  }

  private Shard shard(Cell<?> cell) {
    return shards[(int) cell.id() & (SHARDS - 1)];
  }

  private static final class Shard {
    private @Nullable Object[] cells = new @Nullable Object[16];
    private int size;
    private boolean closed;

    synchronized boolean add(Cell<?> cell) {
      if (closed) {
        return false;
      }
      if (size == cells.length) {
        cells = Arrays.copyOf(cells, size + (size >> 1));
      }
      cell.place = size;
      cells[size++] = cell;
      return true;
    }

    synchronized void remove(Cell<?> cell) {
      int place = cell.place;
      Cell<?> last = at(--size);
      cells[size] = null;
      if (last != cell) {
        cells[place] = last;
        last.place = place;
      }
      if (cells.length > 64 && size < cells.length / 4) {
        cells = Arrays.copyOf(cells, cells.length / 2);
      }
    }

    synchronized void copyTo(List<Pid<?>> target) {
      for (int i = 0; i < size; i++) {
        target.add(at(i));
      }
    }

    private Cell<?> at(int i) {
      return (Cell<?>) Objects.requireNonNull(cells[i]);
    }

    synchronized int size() {
      return size;
    }

    synchronized void close() {
      closed = true;
    }
  }
}
