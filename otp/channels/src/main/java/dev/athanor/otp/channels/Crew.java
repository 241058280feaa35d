package dev.athanor.otp.channels;

import dev.athanor.otp.process.Lane;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The sessions of one event loop, and what they share: one timer that looks for silent ones, one
/// flush after a batch of work. Confined to that loop but for [#run] and `stray` (volatile, set
/// once).
@SuppressWarnings("ReferenceEquality") // sessions are compared by identity
final class Crew {
  final Lane lane;

  /// Whether the lane turned out to belong to another thread than the connections.
  volatile boolean stray;

  private final Thread thread;
  private final Endpoint endpoint;
  private final long scanNanos;
  private @Nullable Session[] sessions;
  private int size;
  private List<Session> unflushed = new ArrayList<>();
  private List<Session> flushing = new ArrayList<>();
  private boolean flushQueued;
  private boolean scanQueued;

  Crew(Endpoint endpoint, Lane lane, Thread thread) {
    this.endpoint = endpoint;
    this.lane = lane;
    this.thread = thread;
    this.scanNanos = Math.max(1, endpoint.limits().idleTimeout().toNanos() / 4);
    this.sessions = new Session[16];
  }

  void checkLane() {
    lane.execute(() -> stray = !isCurrent());
  }

  boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /// Runs now when called on the loop, otherwise there.
  void run(Runnable task) {
    if (isCurrent()) {
      task.run();
    } else {
      lane.execute(task);
    }
  }

  void add(Session session) {
    if (size == sessions.length) {
      sessions = Arrays.copyOf(sessions, size + (size >> 1));
    }
    sessions[size] = session;
    session.place = size++;
    queueScan();
  }

  void remove(Session session) {
    int place = session.place;
    if (place < 0) {
      return;
    }
    Session last = sessions[--size];
    sessions[size] = null;
    if (last != null && last != session) {
      sessions[place] = last;
      last.place = place;
    }
    session.place = -1;
  }

  int size() {
    return size;
  }

  /// Does something with up to so many sessions; it may remove them.
  void forEachLast(int most, Consumer<Session> action) {
    for (int i = size - 1, n = 0; i >= 0 && n < most; i--, n++) {
      Session session = sessions[i];
      if (session != null) {
        action.accept(session);
      }
    }
  }

  /// Flushes this session after the work that is queued now.
  void flushLater(Session session) {
    if (session.dirty) {
      return;
    }
    session.dirty = true;
    unflushed.add(session);
    if (!flushQueued) {
      flushQueued = true;
      lane.execute(this::flush);
    }
  }

  private void flush() {
    flushQueued = false;
    List<Session> batch = unflushed;
    unflushed = flushing;
    flushing = batch;
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).flush();
    }
    batch.clear();
  }

  private void queueScan() {
    if (!scanQueued) {
      scanQueued = true;
      endpoint.node().scheduler().schedule(scanNanos, () -> lane.execute(this::scan));
    }
  }

  private void scan() {
    scanQueued = false;
    forEachLast(size, Session::scan);
    if (size > 0) {
      queueScan();
    }
  }
}
