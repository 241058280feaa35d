package dev.athanor.otp.conformance;

import static dev.athanor.otp.conformance.Scenario.same;
import static dev.athanor.otp.conformance.Terms.tuple;

import dev.athanor.otp.registry.Registration;
import dev.athanor.otp.registry.Registry;
import dev.athanor.otp.registry.RegistryEvent;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.ServerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Elixir's Registry.
class RegistryConformanceTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void registry_everyScenario_answersAsElixir(Scenario scenario) throws Exception {
    scenario.check();
  }

  /// A process registers "k" with 1 in a unique registry that somebody listens to.
  private static final class Unique {
    final Stage stage = new Stage();
    final List<Object> heard = new ArrayList<>();
    final Registry<String, Integer> registry =
        Registry.<String, Integer>unique("U")
            .listener(
                stage.actor().pid, event -> (Stage.Act) self -> heard.add(RegistryTerms.of(event)))
            .create(stage.node);
    final Stage.Actor holder = stage.actor();
    final Registration first = registry.register(holder.pid, "k", 1);

    List<Object> heard() {
      stage.scheduler.runUntilIdle();
      return heard;
    }
  }

  /// A process registers "t" twice in a duplicate registry, with a and with b.
  private static final class Duplicate {
    final Stage stage = new Stage();
    final Registry<String, String> registry =
        Registry.<String, String>duplicate("D").create(stage.node);
    final Stage.Actor holder = stage.actor();

    Duplicate() {
      registry.register(holder.pid, "t", "a");
      registry.register(holder.pid, "t", "b");
    }
  }

  /// The registry's answers as terms.
  private static final class RegistryTerms {
    private RegistryTerms() {}

    static Object of(Registration registration) {
      return switch (registration) {
        case Registration.Registered _ -> "ok";
        case Registration.AlreadyRegistered other ->
            tuple("error", tuple("already_registered", other.pid()));
        case Registration.NoProcess _ -> tuple("error", "noproc");
      };
    }

    static Object of(RegistryEvent<String, Integer> event) {
      return switch (event) {
        case RegistryEvent.Register<String, Integer> in ->
            tuple("register", in.registry().name(), in.key(), in.pid(), in.value());
        case RegistryEvent.Unregister<String, Integer> out ->
            tuple("unregister", out.registry().name(), out.key(), out.pid());
      };
    }

    static <V> List<Object> of(List<Registry.Entry<V>> entries) {
      return entries.stream().<Object>map(entry -> tuple(entry.pid(), entry.value())).toList();
    }
  }

  static Stream<Scenario> scenarios() {
    return Stream.concat(unique(), duplicate());
  }

  private static Stream<Scenario> unique() {
    return Stream.of(
        same("unique: register", "ok", () -> RegistryTerms.of(new Unique().first)),
        same(
            "unique: register again",
            "{error,{already_registered,#PID}}",
            () -> {
              Unique u = new Unique();
              return RegistryTerms.of(u.registry.register(u.holder.pid, "k", 2));
            }),
        same(
            "unique: what a listener hears of it",
            "[{register,U,k,#PID,1}]",
            () -> new Unique().heard()),
        same(
            "unique: lookup",
            "[{#PID,1}]",
            () -> RegistryTerms.of(new Unique().registry.lookup("k"))),
        same(
            "unique: update_value by 1",
            "{2,1}",
            () -> {
              Unique u = new Unique();
              var updated = u.registry.updateValue(u.holder.pid, "k", value -> value + 1);
              return tuple(updated.next(), updated.old());
            }),
        same(
            "unique: keys of the process",
            "[k]",
            () -> {
              Unique u = new Unique();
              return u.registry.keys(u.holder.pid);
            }),
        same("unique: count", "1", () -> new Unique().registry.count()),
        same(
            "unique: unregister",
            "{ok,0}",
            () -> {
              Unique u = new Unique();
              u.registry.unregister(u.holder.pid, "k");
              return tuple("ok", u.registry.count());
            }),
        same(
            "unique: what a listener hears of it then",
            "[{unregister,U,k,#PID}]",
            () -> {
              Unique u = new Unique();
              u.heard().clear();
              u.registry.unregister(u.holder.pid, "k");
              return u.heard();
            }),
        same(
            "via: start a server under a name; another one",
            "{ok,{error,{already_started,#PID}}}",
            () -> {
              Unique u = new Unique();
              ServerOptions via = ServerOptions.DEFAULT.name(u.registry.via("name", 0));
              return tuple(
                  u.stage.scheduler.await(GenServer.start(u.stage.node, u.stage.new Script(), via)),
                  u.stage.scheduler.await(
                      GenServer.start(u.stage.node, u.stage.new Script(), via)));
            }),
        same(
            "via: send to a name nobody has",
            "ArgumentError",
            () -> {
              Unique u = new Unique();
              try {
                u.stage.node.send(u.registry.via("missing", 0), "x");
                return "x";
              } catch (IllegalArgumentException e) {
                return "ArgumentError";
              }
            }));
  }

  private static Stream<Scenario> duplicate() {
    return Stream.of(
        same(
            "duplicate: lookup",
            "[{#PID,a},{#PID,b}]",
            () -> RegistryTerms.of(new Duplicate().registry.lookup("t"))),
        same(
            "duplicate: match of a",
            "[{#PID,a}]",
            () -> RegistryTerms.of(new Duplicate().registry.match("t", "a"::equals))),
        same(
            "duplicate: unregister_match of a, lookup",
            "{ok,[{#PID,b}]}",
            () -> {
              Duplicate d = new Duplicate();
              d.registry.unregisterMatch(d.holder.pid, "t", "a"::equals);
              return tuple("ok", RegistryTerms.of(d.registry.lookup("t")));
            }),
        same(
            "duplicate: dispatch to nobody; what was called",
            "{ok,[]}",
            () -> {
              List<Object> called = new ArrayList<>();
              new Duplicate().registry.dispatch("none", (pid, value) -> called.add(value));
              return tuple("ok", called);
            }),
        same(
            "duplicate: keys and count_match after unregister_match of a",
            "{[t],1}",
            () -> {
              Duplicate d = new Duplicate();
              d.registry.unregisterMatch(d.holder.pid, "t", "a"::equals);
              return tuple(
                  d.registry.keys(d.holder.pid), d.registry.countMatch("t", value -> true));
            }));
  }
}
