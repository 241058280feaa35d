package dev.athanor.processor.match;

import dev.athanor.otp.process.Pid;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/// Where match processes live: each under a supervisor of its own.
interface Pitch {

  /// The supervisors that are up.
  CompletionStage<Map<UUID, Pid<?>>> present();

  /// Starts a match with its supervisor.
  CompletionStage<Pid<?>> begin(UUID match);
}
