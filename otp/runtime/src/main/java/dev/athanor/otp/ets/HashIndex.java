package dev.athanor.otp.ets;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A concurrent hash map that is walked in the order of the hashes.
///
/// The upper seven bits of a (well spread) hash choose one of 128 segments, made when first
/// written; the bits below choose the bucket, and a bucket's chain is sorted by hash, equal hashes
/// in the order of their arrival. So a walk meets the keys in one order whatever the size of the
/// arrays, a position is a hash (plus the keys of that very hash already seen), and a walk that
/// takes a rest, or is overtaken by a resize, goes on without seeing a key twice or missing one
/// that was there all the time.
///
/// Nodes are added and unlinked under their segment's lock only. A removal first sets the cell to
/// null, then unlinks; a node keeps its `next`, so a reader that stands on it walks on. A cell that
/// is not null is replaced by compare-and-set without the lock: it fails on a removed node, whose
/// cell stays null for ever.
///
/// A resize doubles or halves a segment's array and reuses the nodes, because a sorted chain splits
/// at one place. The new array is published before the chains are cut, and chains are joined before
/// it is published: a reader that finds nothing looks whether the array is still the one it started
/// from, and starts again if not; a reader that meets a greater hash, or leaves its bucket, stops.
/// What is found is always right.
///
/// Memory ordering: arrays' elements, `next` and `table` are written with release or volatile mode
/// and read with acquire or volatile mode; `cell` is volatile; `count` is written under the lock.
/// Arrays are compared by identity: a new one is a new state.
@SuppressWarnings("ReferenceEquality")
final class HashIndex<K, C> implements Index<K, C> {

  static final int SEGMENT_BITS = 7;
  private static final int SEGMENTS = 1 << SEGMENT_BITS;
  private static final int SMALLEST = 4;
  private static final int LARGEST = 1 << (32 - SEGMENT_BITS);
  private static final int NODE_BYTES = 24;
  private static final int SEGMENT_BYTES = 24;
  private static final int ARRAY_BYTES = 16;
  private static final int REFERENCE_BYTES = 4;

  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Node[].class);
  private static final VarHandle SEGMENT = MethodHandles.arrayElementVarHandle(Segment[].class);
  private static final VarHandle CELL;

  static {
    try {
      CELL = MethodHandles.lookup().findVarHandle(Node.class, "cell", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Segment<K, C>[] segments = newSegments();

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static <K, C> Segment<K, C>[] newSegments() {
    return new Segment[SEGMENTS];
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static <K, C> @Nullable Node<K, C>[] newTable(int length) {
    return new Node[length];
  }

  private static int spread(Object key) {
    int h = key.hashCode() * 0x9E3779B9;
    return h ^ (h >>> 15);
  }

  static int bucket(int hash, int length) {
    return (hash << SEGMENT_BITS) >>> (Integer.numberOfLeadingZeros(length) + 1);
  }

  @SuppressWarnings("unchecked")
  static <K, C> @Nullable Node<K, C> head(@Nullable Node<K, C>[] table, int bucket) {
    return (Node<K, C>) ELEMENT.getAcquire(table, bucket);
  }

  @SuppressWarnings("unchecked")
  private @Nullable Segment<K, C> segment(int hash) {
    return (Segment<K, C>) SEGMENT.getAcquire(segments, hash >>> (32 - SEGMENT_BITS));
  }

  @SuppressWarnings("unchecked")
  private Segment<K, C> segmentToWrite(int hash) {
    Segment<K, C> found = segment(hash);
    if (found != null) {
      return found;
    }
    Segment<K, C> made = new Segment<>(hash >>> (32 - SEGMENT_BITS));
    Object earlier =
        SEGMENT.compareAndExchange(segments, hash >>> (32 - SEGMENT_BITS), (Object) null, made);
    return earlier == null ? made : (Segment<K, C>) earlier;
  }

  private static <K, C> @Nullable Node<K, C> find(
      @Nullable Segment<K, C> segment, int hash, Object key) {
    if (segment == null) {
      return null;
    }
    @Nullable Node<K, C>[] table = segment.table;
    while (true) {
      Node<K, C> node = head(table, bucket(hash, table.length));
      while (node != null) {
        if (node.hash == hash) {
          K k = node.key;
          if (k == key || k.equals(key)) {
            return node;
          }
        } else if (Integer.compareUnsigned(node.hash, hash) > 0) {
          break;
        }
        node = node.next;
      }
      @Nullable Node<K, C>[] now = segment.table;
      if (now == table) {
        return null;
      }
      table = now;
    }
  }

  @Override
  public @Nullable C get(K key) {
    int hash = spread(key);
    Node<K, C> node = find(segment(hash), hash, key);
    return node == null ? null : node.cell;
  }

  @Override
  public @Nullable C put(K key, C cell) {
    int hash = spread(key);
    Segment<K, C> segment = segmentToWrite(hash);
    Node<K, C> node = find(segment, hash, key);
    if (node != null) {
      C old = swapIfAlive(node, cell);
      if (old != null) {
        return old;
      }
    }
    synchronized (segment) {
      Node<K, C> present = find(segment, hash, key);
      if (present == null) {
        segment.add(hash, key, cell);
        return null;
      }
      return swapIfAlive(present, cell);
    }
  }

  private static <K, C> @Nullable C swapIfAlive(Node<K, C> node, C cell) {
    C old = node.cell;
    while (old != null && !CELL.compareAndSet(node, old, cell)) {
      old = node.cell;
    }
    return old;
  }

  @Override
  public @Nullable C putIfAbsent(K key, C cell) {
    int hash = spread(key);
    Segment<K, C> segment = segmentToWrite(hash);
    Node<K, C> node = find(segment, hash, key);
    if (node != null) {
      C found = node.cell;
      if (found != null) {
        return found;
      }
    }
    synchronized (segment) {
      Node<K, C> present = find(segment, hash, key);
      if (present == null) {
        segment.add(hash, key, cell);
        return null;
      }
      return present.cell;
    }
  }

  @Override
  public boolean replace(K key, C expected, C next) {
    int hash = spread(key);
    Node<K, C> node = find(segment(hash), hash, key);
    return node != null && CELL.compareAndSet(node, expected, next);
  }

  @Override
  public @Nullable C remove(K key) {
    int hash = spread(key);
    Segment<K, C> segment = segment(hash);
    if (segment == null || find(segment, hash, key) == null) {
      return null;
    }
    synchronized (segment) {
      Node<K, C> node = find(segment, hash, key);
      if (node == null) {
        return null;
      }
      @SuppressWarnings("unchecked")
      C old = (C) CELL.getAndSet(node, (Object) null);
      segment.unlink(node);
      return old;
    }
  }

  @Override
  public boolean remove(K key, C expected) {
    int hash = spread(key);
    Segment<K, C> segment = segment(hash);
    if (segment == null) {
      return false;
    }
    synchronized (segment) {
      Node<K, C> node = find(segment, hash, key);
      if (node == null || !CELL.compareAndSet(node, expected, (Object) null)) {
        return false;
      }
      segment.unlink(node);
      return true;
    }
  }

  /// Replaces the cell by what the function makes of it while no other thread adds or removes the
  /// key; null on either side means that there is none.
  void alter(K key, UnaryOperator<@Nullable C> change) {
    int hash = spread(key);
    Segment<K, C> segment = segmentToWrite(hash);
    synchronized (segment) {
      Node<K, C> node = find(segment, hash, key);
      while (true) {
        C old = node == null ? null : node.cell;
        C next = change.apply(old);
        if (node == null) {
          if (next != null) {
            segment.add(hash, key, next);
          }
          return;
        }
        if (CELL.compareAndSet(node, old, next)) {
          if (next == null) {
            segment.unlink(node);
          }
          return;
        }
      }
    }
  }

  @Override
  public <T> T exclusively(Collection<K> keys, Supplier<T> action) {
    int[] chosen =
        keys.stream()
            .mapToInt(k -> spread(k) >>> (32 - SEGMENT_BITS))
            .sorted()
            .distinct()
            .toArray();
    return locked(chosen, 0, action);
  }

  private <T> T locked(int[] chosen, int depth, Supplier<T> action) {
    if (depth == chosen.length) {
      return action.get();
    }
    synchronized (segmentToWrite(chosen[depth] << (32 - SEGMENT_BITS))) {
      return locked(chosen, depth + 1, action);
    }
  }

  @Override
  public long size() {
    long sum = 0;
    for (int i = 0; i < SEGMENTS; i++) {
      Segment<K, C> segment = segment(i << (32 - SEGMENT_BITS));
      sum += segment == null ? 0 : segment.count;
    }
    return sum;
  }

  @Override
  public long memoryBytes() {
    long sum = ARRAY_BYTES + (long) SEGMENTS * REFERENCE_BYTES;
    for (int i = 0; i < SEGMENTS; i++) {
      Segment<K, C> segment = segment(i << (32 - SEGMENT_BITS));
      if (segment != null) {
        sum +=
            SEGMENT_BYTES
                + ARRAY_BYTES
                + (long) segment.table.length * REFERENCE_BYTES
                + (long) segment.count * NODE_BYTES;
      }
    }
    return sum;
  }

  @Override
  public @Nullable Position<K> after(K key) {
    int hash = spread(key);
    Segment<K, C> segment = segment(hash);
    if (segment == null) {
      return null;
    }
    while (true) {
      @Nullable Node<K, C>[] table = segment.table;
      List<K> seen = new ArrayList<>(1);
      for (Node<K, C> n = head(table, bucket(hash, table.length)); n != null; n = n.next) {
        if (n.hash == hash && n.cell != null) {
          seen.add(n.key);
          if (n.key.equals(key)) {
            return new HashWalk.Position<>(hash, seen);
          }
        } else if (Integer.compareUnsigned(n.hash, hash) > 0) {
          break;
        }
      }
      if (table == segment.table) {
        return null;
      }
    }
  }

  @Override
  public @Nullable Position<K> scan(@Nullable Position<K> from, Visitor<K, C> visitor) {
    HashWalk<K, C> walk = new HashWalk<>((HashWalk.Position<K>) from, visitor);
    for (int i = walk.hash() >>> (32 - SEGMENT_BITS); i < SEGMENTS; i++) {
      Segment<K, C> segment = segment(i << (32 - SEGMENT_BITS));
      if (segment != null && !walk.through(segment)) {
        return walk.position();
      }
    }
    return null;
  }

  static final class Node<K, C> {
    final int hash;
    final K key;
    volatile @Nullable C cell;
    volatile @Nullable Node<K, C> next;

    Node(int hash, K key, C cell, @Nullable Node<K, C> next) {
      this.hash = hash;
      this.key = key;
      CELL.set(this, cell);
      this.next = next;
    }
  }

  static final class Segment<K, C> {
    volatile @Nullable Node<K, C>[] table;
    volatile int count;
    final int number;

    Segment(int number) {
      this.number = number;
      this.table = newTable(SMALLEST);
    }

    void add(int hash, K key, C cell) {
      @Nullable Node<K, C>[] tab = table;
      if (count >= tab.length - (tab.length >>> 2) && tab.length < LARGEST) {
        grow(tab);
        tab = table;
      }
      int b = bucket(hash, tab.length);
      Node<K, C> before = null;
      Node<K, C> at = head(tab, b);
      while (at != null && Integer.compareUnsigned(at.hash, hash) <= 0) {
        before = at;
        at = at.next;
      }
      link(tab, b, before, new Node<>(hash, key, cell, at));
      setCount(count + 1);
    }

    void unlink(Node<K, C> node) {
      @Nullable Node<K, C>[] tab = table;
      int b = bucket(node.hash, tab.length);
      Node<K, C> before = null;
      Node<K, C> at = head(tab, b);
      while (at != null && at != node) {
        before = at;
        at = at.next;
      }
      link(tab, b, before, node.next);
      setCount(count - 1);
      if (tab.length > SMALLEST && count < tab.length >>> 3) {
        shrink(tab);
      }
    }

    private void setCount(int n) {
      count = n;
    }

    private static <K, C> void link(
        @Nullable Node<K, C>[] tab,
        int bucket,
        @Nullable Node<K, C> before,
        @Nullable Node<K, C> next) {
      if (before == null) {
        ELEMENT.setRelease(tab, bucket, next);
      } else {
        before.next = next;
      }
    }

    private void grow(@Nullable Node<K, C>[] old) {
      int length = old.length << 1;
      @Nullable Node<K, C>[] larger = newTable(length);
      @Nullable Node<K, C>[] lastOfLower = newTable(old.length);
      for (int b = 0; b < old.length; b++) {
        Node<K, C> node = old[b];
        while (node != null && bucket(node.hash, length) == b << 1) {
          lastOfLower[b] = node;
          node = node.next;
        }
        larger[b << 1] = lastOfLower[b] == null ? null : old[b];
        larger[(b << 1) + 1] = node;
      }
      table = larger;
      for (Node<K, C> last : lastOfLower) {
        if (last != null) {
          last.next = null;
        }
      }
    }

    private void shrink(@Nullable Node<K, C>[] old) {
      @Nullable Node<K, C>[] smaller = newTable(old.length >>> 1);
      for (int b = 0; b < smaller.length; b++) {
        Node<K, C> lower = old[b << 1];
        Node<K, C> upper = old[(b << 1) + 1];
        smaller[b] = lower == null ? upper : lower;
        Node<K, C> last = lower;
        while (last != null && last.next != null) {
          last = last.next;
        }
        if (last != null) {
          last.next = upper;
        }
      }
      table = smaller;
    }
  }
}
