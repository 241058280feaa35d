package dev.athanor.otp.ets;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.RandomAccess;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The values of one key of a bag: an immutable list, made anew by each write and handed to readers
/// as it is.
///
/// Appending shares the array: a list sees only its first `size` elements, so the newest one may
/// fill the next place while the older ones stay what they were. The map runs one alteration of a
/// key at a time, so as a rule only the newest list of a key is appended to; an older one that a
/// write of several keys put back when it was called off finds its next place taken, and copies.
/// Beyond a few values a bag also
/// carries the set of them, which readers never touch.
final class Rows<V> extends AbstractList<V> implements RandomAccess {

  private static final int SET_FROM = 16;

  private final Object[] values;
  private final int size;
  private @Nullable Set<V> distinct;

  private Rows(Object[] values, int size) {
    this.values = values;
    this.size = size;
  }

  static <V> Rows<V> of(V value) {
    return new Rows<>(new Object[] {value}, 1);
  }

  @Override
  @SuppressWarnings("unchecked")
  public V get(int index) {
    if (index >= size) {
      throw new IndexOutOfBoundsException(index);
    }
    return (V) values[index];
  }

  @Override
  public int size() {
    return size;
  }

  Rows<V> with(V value) {
    Object[] array = values;
    if (size == array.length || array[size] != null) {
      array = new Object[Math.max(4, size + (size >> 1))];
      System.arraycopy(values, 0, array, 0, size);
    }
    array[size] = value;
    Rows<V> rows = new Rows<>(array, size + 1);
    rows.distinct = distinct;
    distinct = null;
    if (rows.distinct != null) {
      rows.distinct.add(value);
    }
    return rows;
  }

  /// As [#with(Object)], but the very same list if it holds an equal value already.
  Rows<V> withDistinct(V value) {
    if (size < SET_FROM) {
      return contains(value) ? this : with(value);
    }
    if (distinct == null) {
      distinct = new HashSet<>(this);
    }
    return distinct.contains(value) ? this : with(value);
  }

  /// The values of a list (null: none) and more, in an array of their own: for a write of several
  /// keys, which may come to nothing.
  static <V> Rows<V> copy(@Nullable Rows<V> rows, Collection<V> more, boolean distinct) {
    Collection<V> all = distinct ? new LinkedHashSet<>() : new ArrayList<>();
    if (rows != null) {
      all.addAll(rows);
    }
    all.addAll(more);
    return new Rows<>(all.toArray(), all.size());
  }

  /// With what the function makes of each value; it answers null for one that stays.
  Rows<V> rewritten(Store.Rewriting<V> change) {
    Object[] changed = new Object[size];
    for (int i = 0; i < size; i++) {
      V next = change.of(get(i));
      changed[i] = next == null ? get(i) : next;
    }
    return new Rows<>(changed, size);
  }

  /// Without every value equal to the given one; null if none is left.
  @Nullable Rows<V> without(V value) {
    if (!contains(value)) {
      return this;
    }
    Object[] kept = new Object[size];
    int n = 0;
    for (V v : this) {
      if (!v.equals(value)) {
        kept[n++] = v;
      }
    }
    return n == 0 ? null : new Rows<>(kept, n);
  }
}
