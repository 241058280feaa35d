package dev.athanor.processor.push;

import dev.athanor.domain.campaigns.PushBatch;
import dev.athanor.domain.campaigns.Recipient;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/// A connection to a push service. Its pushes run side by side and are answered in any order, on
/// any thread.
public interface PushConnection {
  /// Sends the story to the device.
  ///
  /// @param id the same for the same story and device, however often it is sent
  /// @return what became of it. The stage fails when the connection was lost before the answer
  ///   came, or there was none: nobody knows whether the device has it, and it may be sent again
  CompletionStage<PushOutcome> push(UUID id, PushBatch.Story story, Recipient recipient);

  /// Closes the connection; pushes that are under way fail. Any thread.
  void close();
}
