package dev.athanor.otp.ets;

import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// Which objects of a table are meant and what is wanted of each (ets: the match specification).
/// Immutable: every method answers a new one.
///
/// ```java
/// table.select(MatchSpec.<Long, Story>all().from(10L).before(20L)
///     .where((id, story) -> story.breaking()).returning((id, story) -> story.title()));
/// ```
///
/// A key makes the search a lookup; bounds on keys, which only an `ORDERED_SET` has, make it a walk
/// of the part between them. Everything else looks at every object. Predicates and functions run on
/// the caller's thread, hold no lock, and should be quick and free of effects.
public final class MatchSpec<K, V, R> {

  private final @Nullable K key;
  private final Store.@Nullable KeyRange<K> range;
  private final @Nullable BiPredicate<? super K, ? super V> condition;
  private final BiFunction<? super K, ? super V, ? extends R> result;

  private MatchSpec(
      @Nullable K key,
      Store.@Nullable KeyRange<K> range,
      @Nullable BiPredicate<? super K, ? super V> condition,
      BiFunction<? super K, ? super V, ? extends R> result) {
    this.key = key;
    this.range = range;
    this.condition = condition;
    this.result = result;
  }

  /// Every object, as an entry.
  public static <K, V> MatchSpec<K, V, Entry<K, V>> all() {
    return new MatchSpec<>(null, null, null, Entry::new);
  }

  /// The objects of one key, as entries.
  public static <K, V> MatchSpec<K, V, Entry<K, V>> key(K key) {
    return new MatchSpec<>(key, null, null, Entry::new);
  }

  /// Only those whose key is the bound or greater.
  public MatchSpec<K, V, R> from(K low) {
    return ranged(low, true, high(), highInclusive());
  }

  /// Only those whose key is greater than the bound.
  public MatchSpec<K, V, R> after(K low) {
    return ranged(low, false, high(), highInclusive());
  }

  /// Only those whose key is the bound or smaller.
  public MatchSpec<K, V, R> to(K high) {
    return ranged(low(), lowInclusive(), high, true);
  }

  /// Only those whose key is smaller than the bound.
  public MatchSpec<K, V, R> before(K high) {
    return ranged(low(), lowInclusive(), high, false);
  }

  private MatchSpec<K, V, R> ranged(
      @Nullable K low, boolean lowInclusive, @Nullable K high, boolean highInclusive) {
    return new MatchSpec<>(
        key, new Store.KeyRange<>(low, lowInclusive, high, highInclusive), condition, result);
  }

  /// Only those that the predicate accepts, on top of what was asked before.
  public MatchSpec<K, V, R> where(BiPredicate<? super K, ? super V> accepted) {
    BiPredicate<? super K, ? super V> before = condition;
    return new MatchSpec<>(
        key,
        range,
        before == null ? accepted : (k, v) -> before.test(k, v) && accepted.test(k, v),
        result);
  }

  /// The same objects, each as what the function makes of it; never null.
  public <S> MatchSpec<K, V, S> returning(BiFunction<? super K, ? super V, ? extends S> wanted) {
    return new MatchSpec<>(key, range, condition, wanted);
  }

  @Nullable K exactKey() {
    return key;
  }

  Store.@Nullable KeyRange<K> range() {
    return range;
  }

  boolean accepts(K k, V v) {
    return condition == null || condition.test(k, v);
  }

  R result(K k, V v) {
    return result.apply(k, v);
  }

  private @Nullable K low() {
    return range == null ? null : range.low();
  }

  private boolean lowInclusive() {
    return range == null || range.lowInclusive();
  }

  private @Nullable K high() {
    return range == null ? null : range.high();
  }

  private boolean highInclusive() {
    return range == null || range.highInclusive();
  }
}
