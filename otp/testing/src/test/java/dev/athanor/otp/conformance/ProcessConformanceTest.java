package dev.athanor.otp.conformance;

import static dev.athanor.otp.conformance.Scenario.differs;
import static dev.athanor.otp.conformance.Scenario.same;
import static dev.athanor.otp.conformance.Stage.BOOM;
import static dev.athanor.otp.conformance.Terms.tuple;

import dev.athanor.otp.ets.Table;
import dev.athanor.otp.ets.TableSpec;
import dev.athanor.otp.ets.Tables;
import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.MonitorRef;
import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Links, monitors, exit signals and names.
class ProcessConformanceTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void process_everyScenario_answersAsOtp(Scenario scenario) throws Exception {
    scenario.check();
  }

  static Stream<Scenario> scenarios() {
    return Stream.of(
        differs(
            "link to the dead, not trapping",
            "{error,noproc}",
            "{exited,noproc}",
            "0013",
            () -> {
              Stage stage = new Stage();
              Stage.Actor dead = dead(stage);
              Stage.Actor linker = stage.actor().does(self -> self.link(dead.pid));
              return tuple("exited", linker.ended.join());
            }),
        same(
            "link to the dead, trapping",
            "{true,[{'EXIT',noproc}]}",
            () -> {
              Stage stage = new Stage();
              Stage.Actor dead = dead(stage);
              Stage.Actor linker = stage.trapping().does(self -> self.link(dead.pid));
              return tuple(linker.pid.isAlive(), linker.heard);
            }),
        same(
            "send to a name nobody has; to a dead pid",
            "{{error,badarg},x}",
            () -> {
              Stage stage = new Stage();
              Stage.Actor dead = dead(stage);
              dead.pid.send(self -> {});
              stage.scheduler.runUntilIdle();
              return tuple(sentToNobody(stage), "x");
            }),
        same(
            "at DOWN, the name and the table of the dead",
            "{undefined,undefined}",
            ProcessConformanceTest::atDown),
        same(
            "unlink, then the peer dies",
            "[]",
            () -> {
              Stage stage = new Stage();
              Stage.Actor peer = stage.actor();
              Stage.Actor linker =
                  stage
                      .trapping()
                      .does(
                          self -> {
                            self.link(peer.pid);
                            self.unlink(peer.pid);
                          });
              peer.does(self -> self.exit(BOOM));
              return linker.heard;
            }),
        same(
            "monitor twice; demonitor with flush after both came",
            "{2,false}",
            () -> {
              Stage stage = new Stage();
              Stage.Actor target = stage.actor();
              Stage.Actor watcher = stage.actor();
              MonitorRef first = watcher.finds(self -> self.monitor(target.pid));
              watcher.does(self -> self.monitor(target.pid));
              target.does(self -> self.exit(BOOM));
              int downs = watcher.heard.size();
              return tuple(downs, watcher.finds(self -> self.demonitor(first, true)));
            }));
  }

  private static Stage.Actor dead(Stage stage) {
    return stage.actor().does(self -> self.exit(ExitReason.NORMAL));
  }

  private static Object atDown() {
    Stage stage = new Stage();
    Tables tables = new Tables(stage.node);
    Stage.Actor owner = stage.actor();
    owner.does(
        self -> {
          self.register("owner");
          Table<String, String> table = tables.create(TableSpec.<String, String>set("t").named());
          table.insert("k", "v");
        });
    List<Object> found = new ArrayList<>();
    var watcher =
        stage.node.spawn(
            new Behavior<Stage.Act>() {
              @Override
              public void onMessage(Self<Stage.Act> self, Stage.Act act) throws Exception {
                act.perform(self);
              }

              @Override
              public void onSignal(Self<Stage.Act> self, Signal signal) {
                found.add(stage.node.whereis("owner"));
                found.add(tables.<String, String>whereis("t"));
              }
            });
    watcher.send(self -> self.monitor(owner.pid));
    stage.scheduler.runUntilIdle();
    owner.does(self -> self.exit(BOOM));
    return tuple(found.toArray());
  }

  private static Object sentToNobody(Stage stage) {
    try {
      stage.node.send(Name.local("nobody"), "x");
      return "x";
    } catch (IllegalArgumentException e) {
      return tuple("error", "badarg");
    }
  }
}
