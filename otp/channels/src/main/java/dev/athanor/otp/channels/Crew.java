package dev.athanor.otp.channels;

import dev.athanor.otp.channels.pubsub.Delivery;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.supervisor.ChildInfo;
import dev.athanor.otp.supervisor.ChildSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The sessions of one event loop, and what they share: one timer that looks for silent ones, one
/// flush after a batch of work. Confined to that loop but for [#run] and [#ask].
@SuppressWarnings("ReferenceEquality") // sessions are compared by identity
final class Crew {
  final Lane lane;

  /// How many channels its sessions have, those included that are about to end.
  int channels;

  /// Messages of clients, and to them. Written on the loop, read anywhere (plain: a count may be
  /// out of date).
  long messagesIn;

  long messagesOut;

  private final Endpoint endpoint;
  private final long scanNanos;
  private @Nullable Session[] sessions;
  private int size;
  private List<Session> unflushed = new ArrayList<>();
  private List<Session> flushing = new ArrayList<>();
  private boolean flushQueued;
  private @Nullable Delivery first;
  private boolean scanQueued;
  private @Nullable Runnable whenEmpty;

  Crew(Endpoint endpoint, Lane lane) {
    this.endpoint = endpoint;
    this.lane = lane;
    this.scanNanos = Math.max(1, endpoint.limits().idleTimeout().toNanos() / 4);
    this.sessions = new Session[16];
  }

  /// Runs now when called on the loop, otherwise there.
  void run(Runnable task) {
    if (lane.isCurrent()) {
      task.run();
    } else {
      lane.execute(task);
    }
  }

  /// Asks from any thread.
  <T> CompletableFuture<T> ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    lane.execute(() -> answer.complete(question.get()));
    return answer;
  }

  /// Runs when the last session is closed and its channels have ended, perhaps now.
  void whenEmpty(Runnable task) {
    whenEmpty = task;
    checkEmpty();
  }

  void channelEnded() {
    channels--;
    checkEmpty();
  }

  private void checkEmpty() {
    Runnable task = whenEmpty;
    if (task != null && size == 0 && channels == 0) {
      whenEmpty = null;
      task.run();
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
    checkEmpty();
  }

  int size() {
    return size;
  }

  /// Does something with up to so many sessions, those that came last first; it may remove them.
  void forEachLast(int most, Consumer<Session> action) {
    for (int i = size - 1, n = 0; i >= 0 && n < most; i--, n++) {
      Session session = sessions[i];
      if (session != null) {
        action.accept(session);
      }
    }
  }

  List<ChildInfo> whichChannels() {
    List<ChildInfo> all = new ArrayList<>(channels);
    for (int i = 0; i < size; i++) {
      Session session = sessions[i];
      if (session != null) {
        session.forEachChannel(
            channel ->
                all.add(new ChildInfo(channel.topic, channel.pid(), ChildSpec.Type.WORKER, false)));
      }
    }
    return all;
  }

  /// Whether a broadcast is the first since the loop came to the end of its work: that one is sent
  /// at once, those that follow on its heels are flushed together.
  @SuppressWarnings("ReferenceEquality") // deliveries are compared by identity
  boolean isAlone(Delivery delivery) {
    if (first == null) {
      first = delivery;
      lane.execute(() -> first = null);
    }
    return first == delivery;
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
    try {
      forEachLast(size, Session::scan);
    } finally {
      if (size > 0) {
        queueScan();
      }
    }
  }
}
