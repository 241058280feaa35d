package dev.athanor.otp.channels.presence;

import java.util.List;
import java.util.Map;

/// Takes part on the server in what clients are told (`handle_metas/4`).
@FunctionalInterface
public interface PresenceListener {
  /// Something changed, and the clients of this node have been told. Called in a tracker, one
  /// change after the other for each topic; must be quick and must not block. What it throws is
  /// the event `athanor.presence.listener_failed`.
  ///
  /// @param topic the topic
  /// @param joined the metas that came, by key
  /// @param left the metas that went, by key
  void changed(String topic, Map<String, List<Meta>> joined, Map<String, List<Meta>> left);
}
