package dev.athanor.otp.channels.presence;

import dev.athanor.otp.channels.wire.Payload;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/// What more there is to say of those who are there, the user's name for instance: asked once
/// for a whole state or diff, so one query serves all (`fetch/2`).
@FunctionalInterface
public interface Fetch {
  /// Looks up many at once. Called on a tracker's event loop, must not block.
  ///
  /// @param topic the topic
  /// @param there the metas by key
  /// @return for those keys that have any, an object whose fields go beside `metas`; when it
  ///   fails or takes longer than 5 s, clients are told without, and
  ///   `athanor.presence.fetch_failed` is emitted
  CompletionStage<Map<String, Payload>> fetch(String topic, Map<String, List<Meta>> there);
}
