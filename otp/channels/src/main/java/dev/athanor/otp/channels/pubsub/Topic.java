package dev.athanor.otp.channels.pubsub;

import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Pid;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The subscribers of one topic: one roster of processes, and one roster of sockets for each lane.
///
/// `count` and `closed` are guarded by this object's lock. When the last subscriber leaves the
/// topic closes for ever and is taken out of the table; who comes to a closed topic looks the table
/// up again. `lanes` is copied when it grows and read without the lock (volatile).
@SuppressWarnings("ReferenceEquality") // lanes, processes and threads are compared by identity
final class Topic {
  private static final LaneRoster[] NONE = new LaneRoster[0];

  /// The thread is the lane's own; on it messages are handed over at once.
  record LaneRoster(Lane lane, Thread thread, Roster roster) {}

  final String name;
  private final PubSub pubSub;
  private final Roster processes = new Roster();
  private volatile LaneRoster[] lanes = NONE;
  private int count;
  private boolean closed;

  Topic(PubSub pubSub, String name) {
    this.pubSub = pubSub;
    this.name = name;
  }

  /// Subscribes a process; null when the topic is closed.
  @Nullable Subscription add(Pid<?> process, Class<?> type) {
    synchronized (this) {
      if (closed) {
        return null;
      }
      count++;
    }
    Subscription subscription = new Subscription(this, processes, process, null, type);
    processes.add(subscription);
    return subscription;
  }

  /// Subscribes a socket; null when the topic is closed.
  @Nullable Subscription add(Lane lane, Fastlane fastlane, @Nullable Pid<?> process) {
    Roster roster;
    synchronized (this) {
      if (closed) {
        return null;
      }
      count++;
      roster = roster(lane);
    }
    Subscription subscription = new Subscription(this, roster, process, fastlane, null);
    roster.add(subscription);
    return subscription;
  }

  private Roster roster(Lane lane) {
    LaneRoster[] known = lanes;
    for (LaneRoster one : known) {
      if (one.lane == lane) {
        return one.roster;
      }
    }
    LaneRoster[] more = Arrays.copyOf(known, known.length + 1);
    more[known.length] = new LaneRoster(lane, Thread.currentThread(), new Roster());
    lanes = more;
    return more[known.length].roster;
  }

  void left() {
    synchronized (this) {
      count--;
      if (count > 0) {
        return;
      }
      closed = true;
    }
    pubSub.forget(this);
  }

  int size() {
    synchronized (this) {
      return count;
    }
  }

  /// A subscription of this process.
  @Nullable Subscription find(Pid<?> process) {
    return processes.find(process);
  }

  /// Sends to everybody but one. The sockets of the caller's own lane and all processes have it
  /// when this returns; other lanes have it queued.
  void dispatch(@Nullable Pid<?> from, Object message) {
    LaneRoster[] targets = lanes;
    if (targets.length > 0) {
      Delivery delivery = new Delivery(message, targets.length);
      for (LaneRoster target : targets) {
        if (target.thread == Thread.currentThread()) {
          deliver(target.roster, from, delivery);
        } else {
          target.lane.execute(() -> deliver(target.roster, from, delivery));
        }
      }
    }
    sendToProcesses(from, message);
  }

  LaneRoster[] lanes() {
    return lanes;
  }

  void sendToProcesses(@Nullable Pid<?> from, Object message) {
    for (Subscription subscription : processes.snapshot()) {
      if (subscription == null) {
        break;
      }
      Pid<?> process = subscription.owner;
      Class<?> type = subscription.type;
      if (process != null && process != from && type != null && type.isInstance(message)) {
        send(process, message);
      }
    }
  }

  static void deliver(Roster roster, @Nullable Pid<?> from, Delivery delivery) {
    try {
      for (Subscription subscription : roster.snapshot()) {
        if (subscription == null) {
          break;
        }
        if (subscription.place >= 0
            && subscription.fastlane != null
            && (from == null || subscription.owner != from)) {
          subscription.fastlane.deliver(delivery);
        }
      }
    } finally {
      delivery.laneFinished();
    }
  }

  /// The type was checked against the one the process subscribed with.
  @SuppressWarnings("unchecked")
  private static void send(Pid<?> process, Object message) {
    ((Pid<Object>) process).send(message);
  }
}
