package dev.athanor.otp.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.server.InitResult;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApplicationTest {
  private final World world = new World();
  private final Application.Controller controller = new Application.Controller(world.node);

  private CompletionStage<?> note(String what) {
    world.diary.add(what);
    return CompletableFuture.completedStage(true);
  }

  private Application start(Application.Spec spec) {
    return world.scheduler.await(controller.start(spec));
  }

  @Test
  void phases_treeIsUp_runInOrderBeforeTheStartIsReported() {
    CompletableFuture<Boolean> warm = new CompletableFuture<>();
    var started =
        controller
            .start(
                plain("a")
                    .phase("warm", app -> warm.thenRun(() -> note("warm")))
                    .phase("open", app -> note("open " + app.name())))
            .toCompletableFuture();
    world.scheduler.runUntilIdle();
    assertThat(started).isNotDone();
    assertThat(controller.running()).isEmpty();
    warm.complete(true);
    assertThat(started).isDone();
    assertThat(world.diary).containsExactly("up a", "warm", "open a");
    assertThat(controller.running()).containsExactly("a");
  }

  @Test
  void phases_oneFails_treeIsStoppedAndTheStartFails() {
    var spec =
        plain("a")
            .phase(
                "open",
                app -> {
                  throw new IllegalStateException("port taken");
                });
    assertThatThrownBy(() -> start(spec))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'open'")
        .hasMessageContaining("'a'")
        .hasRootCauseMessage("port taken");
    assertThat(world.diary).containsExactly("up a", "down a shutdown");
    assertThat(controller.find("a")).isNull();
  }

  @Test
  void start_childFails_saysWhich() {
    var spec =
        Application.Spec.of(
            "shop",
            environment ->
                SupervisorSpec.of(
                    Strategy.ONE_FOR_ONE,
                    ChildSpec.<World.Ask, String>server(
                        "till", () -> self -> InitResult.stop(ExitReason.of("no cash")))));
    assertThatThrownBy(() -> start(spec))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'shop'")
        .hasMessageContaining("'till'")
        .hasMessageContaining("no cash");
  }

  @Test
  void start_twiceOrTooEarly_refused() {
    start(plain("store"));
    assertThatThrownBy(() -> start(plain("store"))).hasMessageContaining("started already");
    assertThatThrownBy(() -> start(plain("shop").after("stroe")))
        .hasMessageContaining("comes after 'stroe'")
        .hasMessageContaining("did you mean 'store'?");
    start(plain("shop").after("store"));
    assertThat(controller.running()).containsExactly("store", "shop");
  }

  @Test
  void stopAll_several_inReverseOrder() {
    start(plain("a"));
    start(plain("b"));
    start(plain("c"));
    world.scheduler.await(controller.stop("b"));
    world.diary.clear();
    world.scheduler.await(controller.stopAll());
    assertThat(world.diary).containsExactly("down c shutdown", "down a shutdown");
    assertThat(world.scheduler.await(controller.down())).isEqualTo(ExitReason.SHUTDOWN);
    assertThat(world.node.processCount()).isZero();
    assertThatThrownBy(() -> start(plain("d"))).hasMessageContaining("being stopped");
  }

  @Test
  void start_anotherOfTheNameIsOnItsWay_refused() {
    CompletableFuture<Boolean> warm = new CompletableFuture<>();
    var first = controller.start(plain("a").phase("warm", app -> warm));
    world.scheduler.runUntilIdle();
    assertThatThrownBy(() -> start(plain("a"))).hasMessageContaining("is being started");
    warm.complete(true);
    world.scheduler.await(first);
    assertThat(controller.running()).containsExactly("a");
  }

  @Test
  void start_failed_nameIsFreeAgain() {
    assertThatThrownBy(
            () -> start(plain("a").phase("p", app -> CompletableFuture.failedStage(new Error()))))
        .isInstanceOf(Exception.class);
    start(plain("a"));
    assertThat(controller.running()).containsExactly("a");
  }

  @Test
  void stopAll_whileOneIsOnItsWay_stopsItToo() {
    CompletableFuture<Boolean> warm = new CompletableFuture<>();
    var first = controller.start(plain("a").phase("warm", app -> warm)).toCompletableFuture();
    world.scheduler.runUntilIdle();
    var stopped = controller.stopAll().toCompletableFuture();
    world.scheduler.runUntilIdle();
    assertThat(stopped).isNotDone();
    warm.complete(true);
    world.scheduler.runUntilIdle();
    assertThat(first).isCompletedExceptionally();
    assertThat(stopped).isDone();
    assertThat(world.node.processCount()).isZero();
    assertThat(controller.running()).isEmpty();
  }

  @Test
  void stopAll_again_waitsForTheFirst() {
    start(plain("a"));
    start(plain("b"));
    var first = controller.stopAll().toCompletableFuture();
    var second = controller.stopAll().toCompletableFuture();
    assertThat(second).isNotDone();
    assertThat(controller.down().toCompletableFuture()).isNotDone();
    world.scheduler.runUntilIdle();
    assertThat(first).isDone();
    assertThat(second).isDone();
  }

  @ParameterizedTest
  @CsvSource({"PERMANENT, true", "TRANSIENT, true", "TEMPORARY, false"})
  void application_givesUp_othersAsItsTypeSays(Restart type, boolean everybody) {
    start(plain("store"));
    start(fragile("shop").type(type));
    world.end("shop", ExitReason.of("boom"));
    assertThat(controller.down().toCompletableFuture().isDone()).isEqualTo(everybody);
    assertThat(controller.find("shop")).isNull();
    assertThat(world.node.whereis("store") == null).isEqualTo(everybody);
  }

  @Test
  void environment_settings_readChangedAndMisspelled() {
    Application app = start(plain("a").environment(Map.of("port", 8080, "host", "::1")));
    Application.Environment environment = app.environment();
    assertThat(environment.get("port", Integer.class)).isEqualTo(8080);
    environment.put("port", 9090);
    assertThat(environment.find("port")).isEqualTo(9090);
    assertThat(environment.find("none")).isNull();
    assertThatThrownBy(() -> environment.get("prot", Integer.class))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("did you mean 'port'?");
    assertThatThrownBy(() -> environment.get("host", Integer.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a java.lang.Integer");
  }

  private Application.Spec plain(String name) {
    return Application.Spec.of(
        name, environment -> SupervisorSpec.of(Strategy.ONE_FOR_ONE, world.child(name)));
  }

  private Application.Spec fragile(String name) {
    return Application.Spec.of(
        name,
        environment ->
            SupervisorSpec.of(Strategy.ONE_FOR_ONE, world.child(name))
                .intensity(0, Duration.ofSeconds(5)));
  }
}
