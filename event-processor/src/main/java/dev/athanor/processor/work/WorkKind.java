package dev.athanor.processor.work;

import io.smallrye.mutiny.Uni;

/// A kind of work that would hold up its event: it takes long, or waits for somebody who is away.
/// Its consumer only writes it down ([WorkTable#add], in the transaction of the ledger); every CDI
/// bean of this type that is enabled gets a process that does what is due, on as many nodes as
/// there are.
///
/// Each item is done at least once: twice when a node dies between the work and its mark. Items are
/// done in any order, side by side, so the effect must not depend on the order, or compare the
/// places of the events.
public interface WorkKind {
  /// What it is called: in the table, in metrics, and with `work.` before it as the name of its
  /// process. It never changes.
  String kind();

  /// Whether this node does it.
  default boolean enabled() {
    return true;
  }

  /// How many items this node does at once, at least 1.
  int atOnce();

  /// Does an item, within 30 s. A failure, or taking longer, means later: after a second, which
  /// doubles to 5 minutes, for 4 days.
  ///
  /// Called on an event loop, in a turn of the kind's process: it must not block.
  ///
  /// @return completes when it is done
  Uni<Void> attempt(WorkItem item);

  /// Whether no further attempt can help: the item is put aside with the failure as its problem.
  default boolean isHopeless(Throwable failure) {
    return false;
  }
}
