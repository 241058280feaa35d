package dev.athanor.otp.ets;

import dev.athanor.otp.process.Pid;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a table is to be (the options of ets:new). Immutable: every method answers a new one. By
/// default a table is `PROTECTED`, is not found by its name, has no heir and belongs to the process
/// that creates it.
public final class TableSpec<K, V> {

  private final String name;
  private final TableType type;
  private final @Nullable Comparator<? super K> order;
  private final boolean named;
  private final Access access;
  private final @Nullable Pid<?> owner;
  private final @Nullable Heir<K, V, ?> heir;

  private TableSpec(
      String name,
      TableType type,
      @Nullable Comparator<? super K> order,
      boolean named,
      Access access,
      @Nullable Pid<?> owner,
      @Nullable Heir<K, V, ?> heir) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a table needs a name, if only for who looks at it");
    }
    this.name = name;
    this.type = type;
    this.order = order;
    this.named = named;
    this.access = access;
    this.owner = owner;
    this.heir = heir;
  }

  /// A [TableType#SET].
  public static <K, V> TableSpec<K, V> set(String name) {
    return of(name, TableType.SET, null);
  }

  /// An [TableType#ORDERED_SET] in the natural order of its keys.
  public static <K extends Comparable<? super K>, V> TableSpec<K, V> orderedSet(String name) {
    return of(name, TableType.ORDERED_SET, Comparator.<K>naturalOrder());
  }

  /// An [TableType#ORDERED_SET] in an order of its own.
  public static <K, V> TableSpec<K, V> orderedSet(String name, Comparator<? super K> order) {
    return of(name, TableType.ORDERED_SET, order);
  }

  /// A [TableType#BAG].
  public static <K, V> TableSpec<K, V> bag(String name) {
    return of(name, TableType.BAG, null);
  }

  /// A [TableType#DUPLICATE_BAG].
  public static <K, V> TableSpec<K, V> duplicateBag(String name) {
    return of(name, TableType.DUPLICATE_BAG, null);
  }

  private static <K, V> TableSpec<K, V> of(
      String name, TableType type, @Nullable Comparator<? super K> order) {
    return new TableSpec<>(name, type, order, false, Access.PROTECTED, null, null);
  }

  /// Others find it by its name, which must be free (ets: `named_table`).
  public TableSpec<K, V> named() {
    return new TableSpec<>(name, type, order, true, access, owner, heir);
  }

  /// Who may read and write.
  public TableSpec<K, V> access(Access allowed) {
    return new TableSpec<>(name, type, order, named, allowed, owner, heir);
  }

  /// Belongs to this process instead of the one that creates it; needed where the creating thread
  /// runs no process.
  public TableSpec<K, V> owner(Pid<?> process) {
    return new TableSpec<>(name, type, order, named, access, process, heir);
  }

  /// Goes to this process when the owner exits, which is told so in its own protocol. A table whose
  /// heir is dead by then is deleted.
  public <M> TableSpec<K, V> heir(
      Pid<M> process, Function<? super TableTransfer<K, V>, ? extends M> message) {
    return new TableSpec<>(
        name, type, order, named, access, owner, new Heir<K, V, M>(process, message));
  }

  Store<K, V> newStore() {
    return switch (type) {
      case SET -> new SetStore<>(new HashIndex<>());
      case ORDERED_SET -> new SetStore<>(new SkipIndex<>(Objects.requireNonNull(order)));
      case BAG -> new BagStore<>(true);
      case DUPLICATE_BAG -> new BagStore<>(false);
    };
  }

  String name() {
    return name;
  }

  TableType type() {
    return type;
  }

  boolean isNamed() {
    return named;
  }

  Access access() {
    return access;
  }

  @Nullable Pid<?> owner() {
    return owner;
  }

  @Nullable Heir<K, V, ?> heir() {
    return heir;
  }
}
