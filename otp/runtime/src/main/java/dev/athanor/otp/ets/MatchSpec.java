package dev.athanor.otp.ets;

import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A pattern: which objects of a table are meant and what is wanted of each (ets: the match
/// specification). Immutable: every method answers a new one, so that a pattern can be a constant.
///
/// ```java
/// static final MatchSpec<Long, Goal, String> LATE_SCORERS =
///     MatchSpec.<Long, Goal>of(Goal.class)          // of a table of Events, the Goals
///         .with(Goal::team, "BVB")                  // a field that equals
///         .where(Goal::minute, minute -> minute > 80) // a guard on a field
///         .values().map(Goal::scorer);              // what is wanted
///
/// table.select(LATE_SCORERS.from(10L).before(20L)); // bounds on the keys of an ORDERED_SET
/// ```
///
/// A head of ets with `'_'` in it is [#all] or [#of] with [#with] for each bound field; `$1` and
/// its like are what [#map] and [#returning] take out; guards are [#where]; several clauses are
/// [#or]. ets:match_object is a pattern that returns entries, which is what a new one does.
///
/// A key makes the search a lookup; bounds on keys make it a walk of the part between them; a
/// pattern has one or the other. Everything else looks at every object. Predicates and functions
/// run on the caller's thread, hold no lock, and should be quick and free of effects; what they
/// throw reaches the caller.
public final class MatchSpec<K, V, R> {

  private final @Nullable Class<V> type;
  private final @Nullable K key;
  private final Store.@Nullable KeyRange<K> range;
  private final @Nullable BiPredicate<? super K, ? super V> condition;
  private final BiFunction<? super K, ? super V, ? extends R> result;

  private MatchSpec(
      @Nullable Class<V> type,
      @Nullable K key,
      Store.@Nullable KeyRange<K> range,
      @Nullable BiPredicate<? super K, ? super V> condition,
      BiFunction<? super K, ? super V, ? extends R> result) {
    this.type = type;
    this.key = key;
    this.range = range;
    this.condition = condition;
    this.result = result;
  }

  /// Every object, as an entry.
  public static <K, V> MatchSpec<K, V, Entry<K, V>> all() {
    return new MatchSpec<>(null, null, null, null, Entry::new);
  }

  /// The objects whose value is of this type, as entries: of a table of a sealed type, those of one
  /// of its records.
  public static <K, V> MatchSpec<K, V, Entry<K, V>> of(Class<V> type) {
    return new MatchSpec<>(type, null, null, null, Entry::new);
  }

  /// The objects of one key, as entries.
  public static <K, V> MatchSpec<K, V, Entry<K, V>> key(K key) {
    return new MatchSpec<>(null, key, null, null, Entry::new);
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
    if (key != null) {
      throw new IllegalArgumentException(
          "expected a key or bounds on keys, got both: MatchSpec.key("
              + key
              + ") means one key already; start from MatchSpec.all() for bounds");
    }
    return new MatchSpec<>(
        type, key, new Store.KeyRange<>(low, lowInclusive, high, highInclusive), condition, result);
  }

  /// Only those that the predicate accepts, on top of what was asked before.
  public MatchSpec<K, V, R> where(BiPredicate<? super K, ? super V> accepted) {
    BiPredicate<? super K, ? super V> before = condition;
    return new MatchSpec<>(
        type,
        key,
        range,
        before == null ? accepted : (k, v) -> before.test(k, v) && accepted.test(k, v),
        result);
  }

  /// Only those of whose value the field is such that the predicate accepts it.
  ///
  /// @param field reads it, the accessor of a record component for instance
  /// @param accepted a guard on it
  public <F extends @Nullable Object> MatchSpec<K, V, R> where(
      Function<? super V, ? extends F> field, Predicate<? super F> accepted) {
    return where((k, v) -> accepted.test(field.apply(v)));
  }

  /// Only those of whose value the field equals the given one.
  ///
  /// @param field reads it, the accessor of a record component for instance
  /// @param expected compared by `equals`; may be null
  public <F> MatchSpec<K, V, R> with(
      Function<? super V, ? extends @Nullable F> field, @Nullable F expected) {
    return where((k, v) -> Objects.equals(field.apply(v), expected));
  }

  /// Only those whose key the predicate accepts.
  public MatchSpec<K, V, R> whereKey(Predicate<? super K> accepted) {
    return where((k, v) -> accepted.test(k));
  }

  /// What this one means and what the other means too: two clauses. Of an object that both mean,
  /// this one says what is wanted.
  ///
  /// @throws IllegalArgumentException if one of them has a key or bounds on keys: these are for the
  ///   whole, and can be given to what this returns
  public MatchSpec<K, V, R> or(MatchSpec<K, V, R> other) {
    if (key != null || range != null || other.key != null || other.range != null) {
      throw new IllegalArgumentException(
          "clauses have no key and no bounds of their own: expected first.or(second).from(low), got"
              + " first.from(low).or(second)");
    }
    return new MatchSpec<>(
        null,
        null,
        null,
        (k, v) -> means(k, v) || other.means(k, v),
        (k, v) -> means(k, v) ? result(k, v) : other.result(k, v));
  }

  /// The same objects, each as what the function makes of it; never null.
  public <S> MatchSpec<K, V, S> returning(BiFunction<? super K, ? super V, ? extends S> wanted) {
    return new MatchSpec<>(type, key, range, condition, wanted);
  }

  /// The same objects, of each its key.
  public MatchSpec<K, V, K> keys() {
    return returning((k, v) -> k);
  }

  /// The same objects, of each its value.
  public MatchSpec<K, V, V> values() {
    return returning((k, v) -> v);
  }

  /// The same objects, each as what the function makes of what was wanted before; never null.
  public <S> MatchSpec<K, V, S> map(Function<? super R, ? extends S> wanted) {
    return returning((k, v) -> wanted.apply(result(k, v)));
  }

  @Nullable K exactKey() {
    return key;
  }

  Store.@Nullable KeyRange<K> range() {
    return range;
  }

  /// Whether it means this object; its key and its bounds are looked after by the walk. The value
  /// may be of another type than this pattern's.
  @SuppressWarnings("unchecked")
  boolean means(K k, Object v) {
    return (type == null || type.isInstance(v)) && (condition == null || condition.test(k, (V) v));
  }

  @SuppressWarnings("unchecked")
  R result(K k, Object v) {
    return Objects.requireNonNull(
        result.apply(k, (V) v), "a pattern returns something of each object, got null");
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
