package dev.athanor.otp.channels.pubsub;

import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Pid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The last events of one topic, numbered, and the order in which they reach its sockets.
///
/// Numbering and queueing for the lanes are one step under this object's lock, so on every lane the
/// events come in the order of their numbers. The lane itself empties its queue, outside the lock:
/// at once when the broadcast came from it, with whatever others queued before.
///
/// Who comes back subscribes first and asks for what it missed then. An event numbered before the
/// question is in the answer, and its delivery, if the subscription sees it, carries a number that
/// says so; an event numbered after it was queued after the subscription. So each is had once.
///
/// `kept`, `head` and `dropped` are guarded by this object's lock; `Backlog.draining` is confined
/// to its lane.
final class History {
  private record Kept(long nanos, Broadcast event) {}

  private record Queued(Roster roster, @Nullable Pid<?> from, Delivery delivery) {}

  private static final class Backlog {
    final ConcurrentLinkedQueue<Queued> queue = new ConcurrentLinkedQueue<>();
    boolean draining;
  }

  private final Retention bounds;
  private final long ageNanos;
  private final String epoch = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
  private final ArrayDeque<Kept> kept = new ArrayDeque<>(4);
  private final ConcurrentMap<Lane, Backlog> backlogs = new ConcurrentHashMap<>(4);
  private long head;
  private boolean dropped;

  History(Retention bounds) {
    this.bounds = bounds;
    this.ageNanos = bounds.age().toNanos();
  }

  /// Numbers an event and sends it to everybody but one; false when this history was dropped.
  boolean publish(PubSub pubSub, @Nullable Pid<?> from, Broadcast event, long now) {
    Topic topic;
    Topic.LaneRoster[] targets = {};
    synchronized (this) {
      if (dropped) {
        return false;
      }
      trim(now);
      if (kept.size() == bounds.size()) {
        kept.removeFirst();
      }
      kept.addLast(new Kept(now, event));
      head++;
      topic = pubSub.find(event.topic());
      if (topic != null) {
        targets = topic.lanes();
        Delivery delivery = new Delivery(event, head, targets.length);
        for (Topic.LaneRoster target : targets) {
          backlog(target.lane()).queue.add(new Queued(target.roster(), from, delivery));
        }
      }
    }
    for (Topic.LaneRoster target : targets) {
      if (target.lane().isCurrent()) {
        drain(target.lane());
      } else {
        target.lane().execute(() -> drain(target.lane()));
      }
    }
    if (topic != null) {
      topic.sendToProcesses(from, event);
    }
    return true;
  }

  private Backlog backlog(Lane lane) {
    return backlogs.computeIfAbsent(lane, wanted -> new Backlog());
  }

  /// On the lane. A delivery that broadcasts in its turn comes after the one it came from.
  private void drain(Lane lane) {
    Backlog backlog = backlog(lane);
    if (backlog.draining) {
      return;
    }
    backlog.draining = true;
    try {
      for (Queued next = backlog.queue.poll(); next != null; next = backlog.queue.poll()) {
        Topic.deliver(next.roster(), next.from(), next.delivery());
      }
    } finally {
      backlog.draining = false;
    }
  }

  /// What came after an offset; null when this history was dropped.
  synchronized @Nullable Missed after(@Nullable String ofEpoch, long offset, long now) {
    if (dropped) {
      return null;
    }
    trim(now);
    if (!epoch.equals(ofEpoch) || offset > head || head - offset > kept.size()) {
      return new Missed(epoch, head, false, List.of());
    }
    List<Broadcast> events = new ArrayList<>();
    long number = head - kept.size();
    for (Kept each : kept) {
      if (++number > offset) {
        events.add(each.event());
      }
    }
    return new Missed(epoch, head, true, events);
  }

  private void trim(long now) {
    for (Kept first = kept.peekFirst();
        first != null && now - first.nanos() > ageNanos;
        first = kept.peekFirst()) {
      kept.removeFirst();
    }
  }

  /// Drops what is too old, and the history itself when nothing is left and nobody listens.
  synchronized boolean dropIfOver(boolean listeners, long now) {
    trim(now);
    dropped = kept.isEmpty() && !listeners;
    return dropped;
  }
}
