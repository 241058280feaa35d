package dev.athanor.otp.conformance;

import static dev.athanor.otp.conformance.Scenario.same;
import static dev.athanor.otp.conformance.Terms.tuple;

import dev.athanor.otp.ets.Access;
import dev.athanor.otp.ets.Entry;
import dev.athanor.otp.ets.Increment;
import dev.athanor.otp.ets.MatchSpec;
import dev.athanor.otp.ets.Table;
import dev.athanor.otp.ets.TableException;
import dev.athanor.otp.ets.TableFile;
import dev.athanor.otp.ets.TableFile.Codec;
import dev.athanor.otp.ets.TableSpec;
import dev.athanor.otp.ets.Tables;
import dev.athanor.otp.process.ExitReason;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// ets. Erlang's 1 and 1.0, which match differently and compare alike, are BigDecimals here.
class TableConformanceTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void table_everyScenario_answersAsEts(Scenario scenario) throws Exception {
    scenario.check();
  }

  /// A node, its tables and two processes.
  private static final class Room {
    final Stage stage = new Stage();
    final Tables tables = new Tables(stage.node);
    final Stage.Actor owner = stage.actor();
    final Stage.Actor other = stage.actor();

    <K, V> Table<K, V> open(TableSpec<K, V> spec) {
      return tables.create(spec.access(Access.PUBLIC).owner(owner.pid));
    }

    /// As a table, with keys 10 to 20 and values that are one more.
    Table<Integer, Integer> numbers() {
      Table<Integer, Integer> table = open(TableSpec.<Integer, Integer>orderedSet("n"));
      IntStream.rangeClosed(10, 20).forEach(i -> table.insert(i, i));
      return table;
    }
  }

  static Stream<Scenario> scenarios() {
    return Stream.of(types(), writes(), selects(), owners()).flatMap(scenario -> scenario);
  }

  private static Stream<Scenario> types() {
    return Stream.of(
        same(
            "set: insert {1,a}, {1,b}, {1,a}, {1.0,f}; lookup 1; size",
            "{[a],2}",
            () -> filled(TableSpec.set("t"))),
        same(
            "ordered_set: the same",
            "{[f],1}",
            () -> filled(TableSpec.<BigDecimal, String>orderedSet("t"))),
        same("bag: the same", "{[a,b],3}", () -> filled(TableSpec.bag("t"))),
        same("duplicate_bag: the same", "{[a,b,a],4}", () -> filled(TableSpec.duplicateBag("t"))));
  }

  private static Object filled(TableSpec<BigDecimal, String> spec) {
    Table<BigDecimal, String> table = new Room().open(spec);
    BigDecimal one = new BigDecimal("1");
    table.insert(one, "a");
    table.insert(one, "b");
    table.insert(one, "a");
    table.insert(new BigDecimal("1.0"), "f");
    return tuple(table.lookup(one), table.size());
  }

  private record Pair(long a, long b) {}

  private static Stream<Scenario> writes() {
    return Stream.of(
        same(
            "insert_new of a list, one key is there; size",
            "{false,2}",
            () -> {
              Table<Integer, String> table = new Room().open(TableSpec.set("t"));
              table.insert(List.of(new Entry<>(1, "a"), new Entry<>(2, "b")));
              boolean inserted = table.insertNew(List.of(new Entry<>(3, "c"), new Entry<>(2, "x")));
              return tuple(inserted, table.size());
            }),
        same(
            "update_counter: default 10 + 5; + 5 over the threshold 18; two at once; no key",
            "{15,0,[3,2],{error,badarg}}",
            () -> {
              Room room = new Room();
              Table<String, Long> numbers = room.open(TableSpec.set("n"));
              Table<String, Pair> pairs = room.open(TableSpec.set("p"));
              pairs.insert("k", new Pair(1, 1));
              Increment<Long> step = Increment.ofLong();
              return tuple(
                  numbers.updateCounter("c", step.by(5), 10L),
                  numbers.updateCounter("c", step.by(5).wrapping(18, 0)),
                  pairs.updateCounter(
                      "k",
                      List.of(
                          Increment.of(Pair::a, (Pair p, long n) -> new Pair(n, p.b())).by(2),
                          Increment.of(Pair::b, (Pair p, long n) -> new Pair(p.a(), n)))),
                  refused(() -> numbers.updateCounter("missing", step)));
            }),
        same(
            "lookup_element: default, no key; update_element of no key",
            "{dflt,{error,badarg},false}",
            () -> {
              Table<String, String> table = new Room().open(TableSpec.set("t"));
              return tuple(
                  table.getOrDefault("k", "dflt"),
                  refused(() -> table.require("k")),
                  table.updateElement("k", value -> value));
            }),
        same(
            "tab2file, delete, file2tab: the contents are the same",
            "true",
            () -> {
              Room room = new Room();
              TableFile<Long, String> files = TableFile.of(Codec.LONG, Codec.STRING);
              Table<Long, String> table = room.open(TableSpec.set("t"));
              table.insert(List.of(new Entry<>(1L, "a"), new Entry<>(2L, "b")));
              Path file = Files.createTempFile("table", null);
              try {
                files.save(table, file);
                table.drop();
                TableSpec<Long, String> spec = TableSpec.<Long, String>set("t");
                Table<Long, String> again =
                    files.load(room.tables, spec.owner(room.owner.pid), file);
                return again.size() == 2 && again.require(2L).equals("b");
              } finally {
                Files.delete(file);
              }
            }),
        same(
            "next after a deleted key of a set; of an ordered_set; first of an empty table",
            "{{error,badarg},12,undefined}",
            () -> {
              Room room = new Room();
              Table<Integer, String> set = room.open(TableSpec.set("s"));
              set.insert(10, "a");
              set.delete(10);
              Table<Integer, String> ordered =
                  room.open(TableSpec.<Integer, String>orderedSet("o"));
              ordered.insert(10, "a");
              ordered.insert(12, "b");
              return tuple(refused(() -> set.next(10)), ordered.next(11), set.first());
            }));
  }

  /// `{error, badarg}` where ours refuses with a table's exception.
  private static Object refused(Callable<?> action) throws Exception {
    try {
      return action.call();
    } catch (TableException refused) {
      return tuple("error", "badarg");
    }
  }

  private static Stream<Scenario> selects() {
    return Stream.of(
        same(
            "select of 10 to 20 by 4, the second page too; reverse by 3",
            "{[10,11,12,13],[14,15,16,17],[20,19,18]}",
            () -> {
              Table<Integer, Integer> table = new Room().numbers();
              MatchSpec<Integer, Integer, Integer> all =
                  MatchSpec.<Integer, Integer>all().returning((k, v) -> k);
              var first = table.select(all, 4);
              return tuple(
                  first.results(), first.next().results(), table.selectReverse(all, 3).results());
            }),
        same(
            "of 1 to 20: select_count over 16, select_replace below 13 by one more, match"
                + " {'$1',11}, match_object {11,'_'}; take of a bag",
            "{4,12,[10],[{11,12}],[{1,a},{1,b}]}",
            () -> {
              Room room = new Room();
              Table<Integer, Integer> table =
                  room.open(TableSpec.<Integer, Integer>orderedSet("n"));
              IntStream.rangeClosed(1, 20).forEach(i -> table.insert(i, i));
              Table<Integer, String> bag = room.open(TableSpec.bag("b"));
              bag.insert(1, "a");
              bag.insert(1, "b");
              MatchSpec<Integer, Integer, Entry<Integer, Integer>> all = MatchSpec.all();
              MatchSpec<Integer, Integer, Entry<Integer, Integer>> eleven = MatchSpec.key(11);
              return tuple(
                  table.selectCount(all.where((k, v) -> v > 16)),
                  table.selectReplace(all.where((k, v) -> v < 13).returning((k, v) -> v + 1)),
                  table.select(all.where((k, v) -> v == 11).keys()),
                  table.select(eleven).stream().map(e -> tuple(e.key(), e.value())).toList(),
                  bag.take(1).stream().map(value -> tuple(1, value)).toList());
            }));
  }

  private static Stream<Scenario> owners() {
    return Stream.of(
        same(
            "a private table: another reads it; another asks for info",
            "{{error,badarg},0}",
            () -> {
              Room room = new Room();
              Table<String, String> table =
                  room.owner.finds(
                      self ->
                          room.tables.create(
                              TableSpec.<String, String>set("x").access(Access.PRIVATE)));
              return tuple(
                  room.other.finds(
                      self -> {
                        try {
                          return refused(() -> table.get("k"));
                        } catch (Exception impossible) {
                          throw new IllegalStateException(impossible);
                        }
                      }),
                  table.info().size());
            }),
        same(
            "an heir: data of the message, contents, owner",
            "{hd,[{k,v}],true}",
            () -> {
              Room room = new Room();
              List<Object> told = new ArrayList<>();
              Table<String, String> table =
                  room.open(
                      TableSpec.<String, String>set("t")
                          .heir(room.other.pid, transfer -> self -> told.add("hd")));
              table.insert("k", "v");
              room.stage.node.exit(room.owner.pid, ExitReason.KILL);
              room.stage.scheduler.runUntilIdle();
              return tuple(told.getFirst(), contents(table), table.owner().equals(room.other.pid));
            }),
        same(
            "give_away: answer, data, still readable",
            "{true,gd,[{k,v}]}",
            () -> {
              Room room = new Room();
              List<Object> told = new ArrayList<>();
              Table<String, String> table = room.open(TableSpec.<String, String>set("t"));
              table.insert("k", "v");
              room.owner.does(
                  self -> table.giveAway(room.other.pid, transfer -> s -> told.add("gd")));
              return tuple(table.owner().equals(room.other.pid), told.getFirst(), contents(table));
            }),
        same(
            "whereis of a dead owner's table; a read of it",
            "{undefined,{error,badarg}}",
            () -> {
              Room room = new Room();
              Table<String, String> table =
                  room.open(TableSpec.<String, String>set("named").named());
              room.stage.node.exit(room.owner.pid, ExitReason.KILL);
              room.stage.scheduler.runUntilIdle();
              return tuple(
                  room.tables.<String, String>whereis("named"), refused(() -> table.get("k")));
            }));
  }

  private static List<Object> contents(Table<String, String> table) {
    List<Object> all = new ArrayList<>();
    table.forEach((key, value) -> all.add(tuple(key, value)));
    return all;
  }
}
