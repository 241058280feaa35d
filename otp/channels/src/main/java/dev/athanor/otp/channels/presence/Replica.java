package dev.athanor.otp.channels.presence;

/// One life of one tracker: what it knows of its own processes is told to others under this name
/// (`Phoenix.Tracker.Replica`). A tracker that starts again has a greater version.
///
/// @param name of the node; unique in the cluster
/// @param shard which tracker of the node, from zero
/// @param shards how many trackers each node has; nodes that differ in this ignore each other
/// @param version microseconds since 1970 at its start; a greater one replaces a smaller one
public record Replica(String name, int shard, int shards, long version) {
  /// Refuses what names no tracker.
  public Replica {
    if (name.isBlank() || shard < 0 || shard >= shards) {
      throw new IllegalArgumentException(
          "expected a name and a shard below the number of shards, got '"
              + name
              + "' and "
              + shard
              + " of "
              + shards);
    }
  }
}
