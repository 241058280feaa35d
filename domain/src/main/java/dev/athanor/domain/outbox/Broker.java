package dev.athanor.domain.outbox;

import dev.athanor.otp.supervisor.ChildSpec;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The way of events from the relays to the consumers: within this process, or through a message
/// broker between deployments. Chosen by `athanor.events.broker`; every bean of this type is one
/// that can be chosen. All methods may be called from any thread and none blocks.
public interface Broker {
  /// What it is called in the configuration: `in-process`, `rabbitmq`.
  String name();

  /// Opens a lane for the events of a shard. Nothing is connected yet.
  Lane open(int shard);

  /// The processes that bring events from the broker to this node's consumers; none when lanes end
  /// in this node already.
  ///
  /// @param everything whether this node is to hear every event by itself, rather than share the
  ///     work with the other nodes of its kind
  List<ChildSpec> intake(boolean everything);

  /// Stops taking events in this node, without a restart; what is under way is finished. Other
  /// nodes take over where they can. Lasts until [#resume] or a restart.
  void pause();

  /// Takes events again.
  void resume();

  /// Whether this node takes no events.
  boolean paused();

  /// This node's relay has left a shard to another node: where the same node ought to take its
  /// events too, this is the time to let it.
  default void yielded(int shard) {}

  /// What waits where.
  CompletionStage<List<Depth>> depth();

  /// The oldest events that were put aside.
  CompletionStage<List<DeadLetter>> dead(int limit);

  /// Has events that were put aside delivered again, the oldest first.
  ///
  /// @return how many
  CompletionStage<Integer> replay(int limit);

  /// A one-way street for the events of a shard, in order. After a failure it is closed for good,
  /// so that nothing overtakes what failed; whoever sends opens another when all is settled.
  interface Lane {
    /// Takes an event over; those of one key in the order of the calls.
    ///
    /// @return the event's fate once it is certain; fails when nobody knows it, as every later call
    ///     on this lane does then
    CompletionStage<Fate> carry(DomainEvent event);
  }

  /// What became of an event.
  sealed interface Fate {
    /// It has arrived, and cannot be lost any more.
    enum Arrived implements Fate {
      YES
    }

    /// It will never have its effect.
    ///
    /// @param reason what an operator is told
    record Dead(String reason) implements Fate {}
  }

  /// What waits in one place.
  ///
  /// @param name the shard or queue
  /// @param shard whose events it holds in the order of the outbox: a shard's, [#EVERY_SHARD]'s,
  ///     or [#NO_SHARD]'s when they are in no such order
  /// @param waiting how many events, or -1 when it cannot be told
  /// @param lagSeconds the age of the oldest, or null when nothing waits or it cannot be told; a
  ///     broker leaves it to the outbox, which knows the ages by shard and number
  /// @param consumers who takes from it, over all nodes, or -1 when it cannot be told
  record Depth(String name, int shard, long waiting, @Nullable Double lagSeconds, int consumers) {
    /// The events of all shards.
    public static final int EVERY_SHARD = -1;

    /// Events in no order.
    public static final int NO_SHARD = -2;

    /// A place of which nothing can be told now.
    public static Depth unknown(String name) {
      return new Depth(name, NO_SHARD, -1, null, -1);
    }

    /// The same with the age of its oldest event.
    Depth withLag(@Nullable Double seconds) {
      return new Depth(name, shard, waiting, seconds, consumers);
    }
  }

  /// An event that was put aside.
  ///
  /// @param id its id
  /// @param type what had happened
  /// @param key what it had happened to
  /// @param reason why it has no effect
  /// @param at when it was given up
  record DeadLetter(
      @Nullable UUID id,
      @Nullable String type,
      @Nullable String key,
      @Nullable String reason,
      @Nullable Instant at) {}
}
