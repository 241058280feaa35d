package dev.athanor.otp.ets;

import org.jspecify.annotations.Nullable;

/// Steps from key to key.
final class Neighbours {

  private Neighbours() {}

  static <K, C> @Nullable K next(Index<K, C> index, K key) {
    Index.Position<K> position = index.after(key);
    if (position == null) {
      throw new TableException.NoSuchKey(
          "no key " + key + ": only an ORDERED_SET knows what follows a key that it does not hold");
    }
    Found<K, C> found = new Found<>();
    index.scan(position, found);
    return found.key;
  }

  /// Takes the first key of a walk.
  static final class Found<K, C> implements Index.Visitor<K, C> {
    @Nullable K key;

    @Override
    public boolean visit(K key, C cell) {
      this.key = key;
      return false;
    }
  }
}
