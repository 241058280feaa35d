package dev.athanor.otp.server;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A start that was not acknowledged yet: dropped when it is, to keep an idle server small.
///
/// @param <M> the protocol of the server
final class Startup<M> {
  /// A signal that came meanwhile.
  record Heard(Info info) {}

  /// A system request that came meanwhile.
  record Asked(Behavior.SystemRequest request) {}

  final CompletableFuture<StartResult<M>> outcome = new CompletableFuture<>();
  final @Nullable Name name;

  /// What came meanwhile, in its order: messages as they are, the rest as [Heard] and [Asked].
  final List<Object> waiting = new ArrayList<>(0);

  /// Set when the process is to end without having started.
  @Nullable StartResult<M> refused;

  Startup(@Nullable Name name) {
    this.name = name;
  }
}
