package dev.athanor.domain.store;

import java.util.ArrayList;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/// One transaction while it lasts: its session, and what is to be done in this node once it is
/// committed. Used by one thing at a time, on the context that it was opened on.
public final class UnitOfWork {
  private final Mutiny.Session session;
  private final List<Runnable> afterCommit = new ArrayList<>(2);

  UnitOfWork(Mutiny.Session session) {
    this.session = session;
  }

  /// The session of the transaction.
  public Mutiny.Session session() {
    return session;
  }

  /// Runs the action after the commit and before the caller has its answer; never after a rollback.
  /// It must neither block nor fail.
  public void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  void committed() {
    afterCommit.forEach(Runnable::run);
  }
}
