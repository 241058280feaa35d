package dev.athanor.otp.ets;

import dev.athanor.otp.process.Pid;
import java.util.function.Function;

/// Who inherits a table, and how it is told.
record Heir<K, V, M>(Pid<M> pid, Function<? super TableTransfer<K, V>, ? extends M> message) {

  void tell(Table<K, V> table, Pid<?> from) {
    pid.send(message.apply(new TableTransfer<>(table, from)));
  }
}
