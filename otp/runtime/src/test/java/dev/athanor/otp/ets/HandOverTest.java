package dev.athanor.otp.ets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import org.junit.jupiter.api.Test;

class HandOverTest {
  private final ManualScheduler scheduler = new ManualScheduler();
  private final Node node = Node.on(scheduler);
  private final Tables tables = new Tables(node);

  @Test
  void giveAway_messageCannotBeMade_tableStays() {
    Pid<Runnable> owner = ManualScheduler.doer(node);
    Pid<Runnable> next = ManualScheduler.doer(node);
    Table<String, String> table =
        scheduler.in(owner, () -> tables.create(TableSpec.<String, String>set("t")));
    assertThatThrownBy(
            () ->
                scheduler.in(
                    owner,
                    () -> {
                      table.giveAway(
                          next,
                          transfer -> {
                            throw new IllegalStateException("no message");
                          });
                      return true;
                    }))
        .hasMessage("no message");
    assertThat(table.owner()).isEqualTo(owner);
  }
}
