package dev.athanor.otp.process;

import java.util.Objects;

/// A system request on its way: an ordinary place in the mailbox, which a suspended process serves
/// all the same.
final class SystemCall extends Control {
  private final Behavior.SystemRequest request;

  SystemCall(Behavior.SystemRequest request) {
    this.request = request;
  }

  static void send(Cell<?> cell, Behavior.SystemRequest request) {
    if (!cell.push(new SystemCall(Objects.requireNonNull(request, "request")))) {
      request.refused(ExitReason.NO_PROCESS);
    }
  }

  Behavior.SystemRequest request() {
    return request;
  }

  @Override
  void handle(Cell<?> cell) {
    cell.serve(request);
    cell.sweep(null);
  }

  @Override
  void refused(Cell<?> dead) {
    ExitReason reason = dead.extras().ending;
    request.refused(reason == null ? ExitReason.NO_PROCESS : reason);
  }
}
