package dev.athanor.otp.process;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A set of objects compared by identity, made for processes that have none or one element as a
/// rule and 100,000 now and then. The holder is null when empty, the element itself when it is
/// alone, and a table with linear probing otherwise: nothing, 4 bytes, about 8 bytes an element.
///
/// Not safe for concurrent use; a reader on another thread sees an approximation. The order of
/// iteration depends on nothing but the elements' hash codes and the order of insertion, so that a
/// run under the deterministic scheduler can be repeated.
@SuppressWarnings("ReferenceEquality") // identity is what it is about
final class RefSet {
  private static final int SMALLEST = 4;

  private @Nullable Object[] table;
  private int size;

  private RefSet() {
    table = new @Nullable Object[SMALLEST];
  }

  static Object add(@Nullable Object holder, Object element) {
    if (holder == null || holder == element) {
      return element;
    }
    RefSet set;
    if (holder instanceof RefSet existing) {
      set = existing;
    } else {
      set = new RefSet();
      set.insert(holder);
    }
    set.insert(element);
    return set;
  }

  static @Nullable Object remove(@Nullable Object holder, Object element) {
    if (holder == element) {
      return null;
    }
    if (holder instanceof RefSet set) {
      set.delete(element);
      return set.size == 0 ? null : set;
    }
    return holder;
  }

  static boolean contains(@Nullable Object holder, Object element) {
    return holder == element
        || (holder instanceof RefSet set && set.table[set.find(element)] != null);
  }

  static int size(@Nullable Object holder) {
    return holder == null ? 0 : holder instanceof RefSet set ? set.size : 1;
  }

  static void forEach(@Nullable Object holder, Consumer<Object> action) {
    if (holder instanceof RefSet set) {
      for (Object element : set.table) {
        if (element != null) {
          action.accept(element);
        }
      }
    } else if (holder != null) {
      action.accept(holder);
    }
  }

  private static int slot(Object element, int mask) {
    int hash = element.hashCode();
    return (hash ^ (hash >>> 16)) & mask;
  }

  private int find(Object element) {
    int mask = table.length - 1;
    int i = slot(element, mask);
    while (table[i] != null && table[i] != element) {
      i = (i + 1) & mask;
    }
    return i;
  }

  private void insert(Object element) {
    int i = find(element);
    if (table[i] != null) {
      return;
    }
    table[i] = element;
    size++;
    if (size * 4 > table.length * 3) {
      resize(table.length * 2);
    }
  }

  private void delete(Object element) {
    int mask = table.length - 1;
    int hole = find(element);
    if (table[hole] == null) {
      return;
    }
    table[hole] = null;
    size--;
    for (int i = (hole + 1) & mask; table[i] != null; i = (i + 1) & mask) {
      int home = slot(Objects.requireNonNull(table[i]), mask);
      if (((i - home) & mask) >= ((i - hole) & mask)) {
        table[hole] = table[i];
        table[i] = null;
        hole = i;
      }
    }
    if (table.length > SMALLEST && size * 8 < table.length) {
      resize(table.length / 2);
    }
  }

  private void resize(int capacity) {
    @Nullable Object[] old = table;
    table = new @Nullable Object[capacity];
    for (Object element : old) {
      if (element != null) {
        table[find(element)] = element;
      }
    }
  }
}
