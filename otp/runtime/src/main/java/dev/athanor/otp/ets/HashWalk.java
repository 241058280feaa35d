package dev.athanor.otp.ets;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One walk: the hash it has come to and the keys of that hash it has shown.
@SuppressWarnings("ReferenceEquality")
final class HashWalk<K, C> {
  private final Index.Visitor<K, C> visitor;
  private final List<K> seen = new ArrayList<>(2);
  private int hash;

  HashWalk(@Nullable Position<K> from, Index.Visitor<K, C> visitor) {
    this.visitor = visitor;
    if (from != null) {
      hash = from.hash();
      seen.addAll(from.seen());
    }
  }

  boolean through(HashIndex.Segment<K, C> segment) {
    HashIndex.@Nullable Node<K, C>[] table = segment.table;
    boolean inside = !seen.isEmpty() && sameSegment(hash, segment);
    int b = inside ? HashIndex.bucket(hash, table.length) : 0;
    while (b < table.length) {
      for (HashIndex.Node<K, C> node = HashIndex.head(table, b); node != null; node = node.next) {
        if (HashIndex.bucket(node.hash, table.length) != b) {
          break;
        }
        if (!show(node)) {
          return false;
        }
      }
      HashIndex.@Nullable Node<K, C>[] now = segment.table;
      if (now == table) {
        b++;
      } else {
        // Everything up to the last key shown is behind us in the new array too.
        table = now;
        b =
            seen.isEmpty() || !sameSegment(hash, segment)
                ? 0
                : HashIndex.bucket(hash, table.length);
      }
    }
    return true;
  }

  private boolean sameSegment(int hash, HashIndex.Segment<K, C> segment) {
    return hash >>> (32 - HashIndex.SEGMENT_BITS) == segment.number;
  }

  private boolean show(HashIndex.Node<K, C> node) {
    C cell = node.cell;
    if (cell == null) {
      return true;
    }
    if (!seen.isEmpty()) {
      int order = Integer.compareUnsigned(node.hash, hash);
      if (order < 0 || (order == 0 && seen.contains(node.key))) {
        return true;
      }
      if (order > 0) {
        seen.clear();
      }
    }
    hash = node.hash;
    seen.add(node.key);
    return visitor.visit(node.key, cell);
  }

  int hash() {
    return hash;
  }

  Position<K> position() {
    return new Position<>(hash, List.copyOf(seen));
  }

  record Position<K>(int hash, List<K> seen) implements Index.Position<K> {}
}
