package dev.athanor.otp.channels.pubsub;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Owned;
import dev.athanor.otp.process.Pid;
import org.jspecify.annotations.Nullable;

/// One subscriber of one topic. It ends with the process that owns it, or when cancelled.
///
/// May be used from any thread. A subscription of a [Fastlane] receives nothing after [#cancel] was
/// called on its lane.
public final class Subscription implements Owned {
  /// Where it stands in its roster, -1 when in none. Written under the roster's lock; read without
  /// it (plain) on the lane that also cancels.
  int place = -1;

  final Topic topic;
  final Roster roster;
  final @Nullable Pid<?> owner;
  final @Nullable Fastlane fastlane;
  final @Nullable Class<?> type;

  Subscription(
      Topic topic,
      Roster roster,
      @Nullable Pid<?> owner,
      @Nullable Fastlane fastlane,
      @Nullable Class<?> type) {
    this.topic = topic;
    this.roster = roster;
    this.owner = owner;
    this.fastlane = fastlane;
    this.type = type;
  }

  /// The topic subscribed to.
  ///
  /// @return the topic's name
  public String topic() {
    return topic.name;
  }

  /// Leaves the topic: O(1), however many have subscribed. Idempotent.
  public void cancel() {
    end();
  }

  /// Returns whether it was this call that ended it.
  boolean end() {
    if (!roster.remove(this)) {
      return false;
    }
    topic.left();
    if (owner != null && fastlane == null) {
      owner.node().disown(owner, this);
    }
    return true;
  }

  @Override
  public void ownerExited(Pid<?> process, ExitReason reason) {
    if (roster.remove(this)) {
      topic.left();
    }
  }
}
