package dev.athanor.otp.ets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TableTest {

  private final ManualScheduler scheduler = new ManualScheduler();
  private final Node node = Node.on(scheduler);
  private final Tables tables = new Tables(node);
  private final Pid<Runnable> owner = ManualScheduler.doer(node);

  private <K, V> Table<K, V> open(TableSpec<K, V> spec) {
    return tables.create(spec.access(Access.PUBLIC).owner(owner));
  }

  private static final BigDecimal ONE = new BigDecimal("1");
  private static final BigDecimal ONE_POINT_ZERO = new BigDecimal("1.0");

  private static List<Entry<BigDecimal, String>> rows() {
    return List.of(
        new Entry<>(ONE, "a"),
        new Entry<>(ONE, "b"),
        new Entry<>(ONE, "a"),
        new Entry<>(ONE_POINT_ZERO, "f"));
  }

  @Test
  void set_sameKeyAgain_keepsLastValue() {
    Table<BigDecimal, String> set = open(TableSpec.set("t"));
    rows().forEach(e -> set.insert(e.key(), e.value()));
    assertThat(set.lookup(ONE)).containsExactly("a");
    assertThat(set.get(ONE_POINT_ZERO)).isEqualTo("f");
    assertThat(set.size()).isEqualTo(2);
  }

  @Test
  void orderedSet_keysThatCompareAlike_areOne() {
    Table<BigDecimal, String> set = open(TableSpec.<BigDecimal, String>orderedSet("t"));
    rows().forEach(e -> set.insert(e.key(), e.value()));
    assertThat(set.lookup(ONE)).containsExactly("f");
    assertThat(set.size()).isEqualTo(1);
  }

  @Test
  void bag_equalObject_isHeldOnce() {
    Table<BigDecimal, String> bag = open(TableSpec.bag("t"));
    bag.insert(rows());
    assertThat(bag.lookup(ONE)).containsExactly("a", "b");
    assertThat(bag.size()).isEqualTo(3);
  }

  @Test
  void duplicateBag_equalObject_isHeldAgain() {
    Table<BigDecimal, String> bag = open(TableSpec.duplicateBag("t"));
    bag.insert(rows());
    assertThat(bag.lookup(ONE)).containsExactly("a", "b", "a");
    assertThat(bag.size()).isEqualTo(4);
    assertThat(bag.deleteObject(ONE, "a")).isTrue();
    assertThat(bag.lookup(ONE)).containsExactly("b");
    assertThat(bag.take(ONE)).containsExactly("b");
    assertThat(bag.size()).isEqualTo(1);
    assertThatThrownBy(() -> bag.get(ONE)).hasMessageContaining("lookup");
  }

  @Test
  void insertNew_oneKeyTaken_insertsNone() {
    for (TableSpec<Integer, String> spec :
        List.of(
            TableSpec.<Integer, String>set("t"),
            TableSpec.<Integer, String>orderedSet("t"),
            TableSpec.<Integer, String>bag("t"))) {
      Table<Integer, String> table = open(spec);
      table.insert(List.of(new Entry<>(1, "a"), new Entry<>(2, "b")));
      assertThat(table.insertNew(List.of(new Entry<>(3, "c"), new Entry<>(2, "x")))).isFalse();
      assertThat(table.insertNew(1, "x")).isFalse();
      assertThat(table.size()).isEqualTo(2);
      assertThat(table.insertNew(List.of(new Entry<>(3, "c"), new Entry<>(4, "d")))).isTrue();
      assertThat(table.size()).isEqualTo(4);
    }
  }

  @Test
  void updateCounter_defaultThresholdAndSeveral_answerAsEts() {
    record Pair(long a, long b) {
      Pair withA(long n) {
        return new Pair(n, b);
      }

      Pair withB(long n) {
        return new Pair(a, n);
      }
    }
    Table<String, Long> numbers = open(TableSpec.set("n"));
    Increment<Long> step = Increment.ofLong();
    assertThat(numbers.updateCounter("c", step.by(5), 10L)).isEqualTo(15);
    assertThat(numbers.updateCounter("c", step.by(5).wrapping(18, 0))).isZero();
    assertThat(numbers.updateCounter("c", step.by(-5).wrapping(-3, 7))).isEqualTo(7);
    assertThatThrownBy(() -> numbers.updateCounter("missing", step))
        .isInstanceOf(TableException.NoSuchKey.class);

    Table<String, Pair> pairs = open(TableSpec.set("p"));
    pairs.insert("k", new Pair(1, 1));
    Increment<Pair> a = Increment.of(Pair::a, Pair::withA);
    Increment<Pair> b = Increment.of(Pair::b, Pair::withB);
    assertThat(pairs.updateCounter("k", List.of(a.by(2), b))).containsExactly(3L, 2L);
    assertThat(pairs.get("k")).isEqualTo(new Pair(3, 2));
    assertThat(pairs.getOrDefault("missing", new Pair(0, 0))).isEqualTo(new Pair(0, 0));
    assertThat(pairs.updateElement("missing", p -> p)).isFalse();
    assertThat(pairs.require("k")).isEqualTo(new Pair(3, 2));
    assertThatThrownBy(() -> pairs.require("missing"))
        .isInstanceOf(TableException.NoSuchKey.class)
        .hasMessage("table p has no key missing");
  }

  @Test
  void select_limit_goesOnInChunks() {
    Table<Integer, Integer> table = open(TableSpec.<Integer, Integer>orderedSet("t"));
    IntStream.rangeClosed(1, 20).forEach(i -> table.insert(i, i));
    MatchSpec<Integer, Integer, Integer> wanted =
        MatchSpec.<Integer, Integer>all().from(10).returning((k, v) -> v);
    Page<Integer> first = table.select(wanted, 4);
    assertThat(first.results()).containsExactly(10, 11, 12, 13);
    table.delete(14);
    table.insert(14, 14);
    assertThat(first.next().results()).containsExactly(14, 15, 16, 17);
    assertThat(first.next().next().results()).containsExactly(18, 19, 20);
    assertThat(first.next().next().isLast()).isTrue();
    Page<Integer> reverse = table.selectReverse(wanted, 3);
    assertThat(reverse.results()).containsExactly(20, 19, 18);
    assertThat(reverse.next().results()).containsExactly(17, 16, 15);
    assertThat(table.selectReverse(wanted.before(12))).containsExactly(11, 10);
    assertThat(table.select(MatchSpec.<Integer, Integer>all().after(3).to(5))).hasSize(2);
  }

  @Test
  void select_countDeleteReplace_answerHowMany() {
    Table<Integer, Integer> table = open(TableSpec.set("t"));
    IntStream.rangeClosed(1, 12).forEach(i -> table.insert(i, i));
    MatchSpec<Integer, Integer, Entry<Integer, Integer>> all = MatchSpec.all();
    assertThat(table.selectCount(all.where((k, v) -> v > 8))).isEqualTo(4);
    assertThat(table.selectReplace(all.returning((k, v) -> v + 1))).isEqualTo(12);
    assertThat(table.select(MatchSpec.key(11))).containsExactly(new Entry<>(11, 12));
    assertThat(table.selectDelete(all.where((k, v) -> k % 2 == 0).where((k, v) -> k > 4)))
        .isEqualTo(4);
    assertThat(table.size()).isEqualTo(8);
    assertThatThrownBy(() -> table.select(all.from(3))).hasMessageContaining("ORDERED_SET");
  }

  @Test
  void next_absentKey_isRefusedBySetAndAnsweredByOrderedSet() {
    Table<Integer, String> set = open(TableSpec.set("s"));
    assertThat(set.first()).isNull();
    set.insert(10, "a");
    set.insert(12, "b");
    int first = set.first();
    int second = set.next(first);
    assertThat(List.of(first, second)).containsExactlyInAnyOrder(10, 12);
    assertThat(set.next(second)).isNull();
    set.delete(first);
    assertThatThrownBy(() -> set.next(first)).isInstanceOf(TableException.NoSuchKey.class);

    Table<Integer, String> ordered = open(TableSpec.<Integer, String>orderedSet("o"));
    ordered.insert(10, "a");
    ordered.insert(12, "b");
    assertThat(ordered.next(11)).isEqualTo(12);
    assertThat(ordered.prev(12)).isEqualTo(10);
    assertThat(ordered.last()).isEqualTo(12);
    assertThat(ordered.next(12)).isNull();
  }

  @Test
  void access_byAnotherProcess_isEnforced() {
    Pid<Runnable> other = ManualScheduler.doer(node);
    Table<String, String> secret =
        scheduler.in(
            owner, () -> tables.create(TableSpec.<String, String>set("x").access(Access.PRIVATE)));
    Table<String, String> shown =
        scheduler.in(owner, () -> tables.create(TableSpec.<String, String>set("y")));
    assertThatThrownBy(() -> scheduler.in(other, () -> secret.get("k")))
        .isInstanceOf(TableException.NotAllowed.class)
        .hasMessageContaining("private")
        .hasMessageContaining(other.toString());
    assertThat(secret.info().size()).isZero();
    assertThatThrownBy(() -> shown.insert("k", "v")).isInstanceOf(TableException.NotAllowed.class);
    scheduler.in(
        owner,
        () -> {
          shown.insert("k", "v");
          secret.insert("k", "v");
          return secret.get("k");
        });
    assertThat(shown.get("k")).isEqualTo("v");
  }

  @Test
  void ownerExits_withoutHeir_tableAndNameAreGoneAtDown() {
    Table<String, String> table =
        tables.create(TableSpec.<String, String>set("named").named().owner(owner));
    assertThat(tables.whereis("named")).isSameAs(table);
    assertThat(tables.require("named")).isSameAs(table);
    assertThatThrownBy(() -> tables.require("nmaed"))
        .isInstanceOf(TableException.NoSuchTable.class)
        .hasMessage("no table has the name 'nmaed'; did you mean 'named'?");
    assertThatThrownBy(() -> tables.require("x")).hasMessage("no table has the name 'x'");
    assertThatThrownBy(() -> tables.create(TableSpec.set("named").named().owner(owner)))
        .isInstanceOf(TableException.NameTaken.class);
    List<Object> atDown = new ArrayList<>();
    var announced = node.exited(owner).thenRun(() -> atDown.add(table.exists()));
    node.exit(owner, ExitReason.KILL);
    scheduler.run();
    assertThat(announced).isCompleted();
    assertThat(atDown).containsExactly(false);
    assertThat(tables.<Object, Object>whereis("named")).isNull();
    assertThat(tables.all()).isEmpty();
    assertThatThrownBy(() -> table.get("k")).isInstanceOf(TableException.Gone.class);
    assertThatThrownBy(() -> tables.create(TableSpec.set("late").owner(owner)))
        .isInstanceOf(TableException.NoOwner.class);
    assertThatThrownBy(() -> tables.create(TableSpec.set("nobody")))
        .isInstanceOf(TableException.NoOwner.class);
  }

  @Test
  void ownerExits_withHeir_heirIsToldAndOwns() {
    Pid<Runnable> heir = ManualScheduler.doer(node);
    List<TableTransfer<String, String>> told = new ArrayList<>();
    Table<String, String> table =
        tables.create(
            TableSpec.<String, String>set("t").owner(owner).heir(heir, t -> () -> told.add(t)));
    scheduler.in(
        owner,
        () -> {
          table.insert("k", "v");
          return true;
        });
    node.exit(owner, ExitReason.KILL);
    scheduler.run();
    assertThat(told).containsExactly(new TableTransfer<>(table, owner));
    assertThat(table.owner()).isSameAs(heir);
    assertThat(table.lookup("k")).containsExactly("v");
    node.exit(heir, ExitReason.KILL);
    scheduler.run();
    assertThat(table.exists()).isFalse();
  }

  @Test
  void giveAway_byOwner_movesTheTable() {
    Pid<Runnable> next = ManualScheduler.doer(node);
    List<Pid<?>> from = new ArrayList<>();
    Table<String, String> table = tables.create(TableSpec.<String, String>set("t").owner(owner));
    assertThatThrownBy(() -> table.giveAway(next, t -> () -> from.add(t.from())))
        .isInstanceOf(TableException.NotAllowed.class);
    scheduler.in(
        owner,
        () -> {
          table.giveAway(next, t -> () -> from.add(t.from()));
          return true;
        });
    assertThat(from).hasSize(1).first().isSameAs(owner);
    node.exit(owner, ExitReason.KILL);
    scheduler.run();
    assertThat(table.exists()).isTrue();
    assertThatThrownBy(
            () ->
                scheduler.in(
                    next,
                    () -> {
                      table.giveAway(owner, t -> () -> {});
                      return true;
                    }))
        .isInstanceOf(TableException.NoOwner.class);
    assertThat(table.owner()).isSameAs(next);
    scheduler.in(
        next,
        () -> {
          table.drop();
          return true;
        });
    assertThat(table.exists()).isFalse();
  }

  @Test
  void deleteAllObjects_leavesAnEmptyTable() {
    Table<Integer, Integer> table = open(TableSpec.duplicateBag("t"));
    IntStream.range(0, 100).forEach(i -> table.insert(i % 3, i));
    assertThat(table.info().memoryBytes()).isPositive();
    table.deleteAllObjects();
    assertThat(table.size()).isZero();
    assertThat(table.member(1)).isFalse();
  }

  sealed interface Event permits Goal, Card {}

  record Goal(String team, int minute, String scorer) implements Event {}

  record Card(String team, int minute) implements Event {}

  @Test
  void select_typedPattern_matchesFieldsGuardsAndClauses() {
    Table<Integer, Event> events = open(TableSpec.<Integer, Event>orderedSet("events"));
    events.insert(1, new Goal("BVB", 12, "Reus"));
    events.insert(2, new Card("BVB", 30));
    events.insert(3, new Goal("BVB", 84, "Brandt"));
    events.insert(4, new Goal("FCB", 90, "Kane"));
    MatchSpec<Integer, Goal, Entry<Integer, Goal>> goals = MatchSpec.of(Goal.class);
    assertThat(events.selectCount(goals)).isEqualTo(3);
    assertThat(
            events.select(goals.with(Goal::team, "BVB").where(Goal::minute, m -> m > 80).values()))
        .containsExactly(new Goal("BVB", 84, "Brandt"));
    assertThat(events.select(goals.values().map(Goal::scorer).from(3)))
        .containsExactly("Brandt", "Kane");
    assertThat(events.select(goals.whereKey(k -> k > 1).keys())).containsExactly(3, 4);
    MatchSpec<Integer, Event, String> clauses =
        MatchSpec.<Integer, Event>all()
            .where((k, v) -> v instanceof Card)
            .returning((k, v) -> "card")
            .or(MatchSpec.<Integer, Event>all().where((k, v) -> k > 3).returning((k, v) -> "late"));
    assertThat(events.select(clauses)).containsExactly("card", "late");
    assertThat(events.select(clauses.to(3))).containsExactly("card");
    assertThatThrownBy(() -> clauses.from(1).or(clauses))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("first.or(second).from(low)");
    assertThat(events.selectReplace(goals.map(e -> new Card(e.value().team(), 0)))).isEqualTo(3);
    assertThat(events.selectDelete(MatchSpec.of(Card.class))).isEqualTo(4);
    events.insert(1, new Card("BVB", 30));
    assertThatThrownBy(() -> events.select(MatchSpec.<Integer, Event>all().map(e -> null)))
        .hasMessageContaining("null");
  }

  @Test
  void select_pagesOfABag_keepTheLimit() {
    Table<Integer, Integer> bag = open(TableSpec.duplicateBag("b"));
    IntStream.range(0, 35).forEach(i -> bag.insert(i % 3, i));
    List<Integer> all = new ArrayList<>();
    for (Page<Integer> page = bag.select(MatchSpec.<Integer, Integer>all().values(), 4);
        !page.results().isEmpty();
        page = page.next()) {
      assertThat(page.results()).hasSizeLessThanOrEqualTo(4);
      all.addAll(page.results());
    }
    assertThat(all).hasSize(35).doesNotHaveDuplicates();
  }

  @Test
  void selectReplace_duplicateBag_replacesEachOnce() {
    Table<String, Integer> bag = open(TableSpec.duplicateBag("b"));
    bag.insert(List.of(new Entry<>("k", 1), new Entry<>("k", 2), new Entry<>("k", 1)));
    MatchSpec<String, Integer, Integer> next = MatchSpec.<String, Integer>all().values();
    assertThat(bag.selectReplace(next.map(v -> v + 1))).isEqualTo(3);
    assertThat(bag.lookup("k")).containsExactly(2, 3, 2);
    Table<String, Integer> distinct = open(TableSpec.bag("b"));
    distinct.insert("k", 1);
    assertThatThrownBy(() -> distinct.selectReplace(next))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
