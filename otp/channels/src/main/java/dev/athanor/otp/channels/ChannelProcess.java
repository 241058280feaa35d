package dev.athanor.otp.channels;

import dev.athanor.otp.channels.pubsub.Broadcast;
import dev.athanor.otp.channels.pubsub.Delivery;
import dev.athanor.otp.channels.pubsub.Fastlane;
import dev.athanor.otp.channels.pubsub.Missed;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.pubsub.Subscription;
import dev.athanor.otp.channels.wire.Message;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Owned;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The process around one [Channel] (`Phoenix.Channel.Server`), and the channel's subscription to
/// its topic.
///
/// Session, processes and deliveries of one connection share its event loop, so nothing here is
/// shared between threads; only [#reply] may come from elsewhere and hops over. The process owns
/// itself as a property: [#ownerExited] runs whatever ends it, an operator's kill included, before
/// anybody else hears of the end, and tells the session. No monitor, no link, one object.
final class ChannelProcess implements Behavior<Object>, Fastlane, Owned {
  private static final Payload TOO_MUCH =
      Payload.of(Map.of("reason", "too much waits for the join"));
  private static final Payload TOO_LATE = Payload.of(Map.of("reason", "join not decided in time"));
  private static final ExitReason GIVEN_UP = ExitReason.shutdown("join given up");

  /// A tracker has told everybody of this channel; this is who is there.
  record PresenceAnswer(@Nullable Payload state, @Nullable Throwable failure) {}

  /// Where the life of a channel stands.
  enum Stage {
    JOINING,
    JOINED,
    REFUSED,
    LEAVING
  }

  final Session session;
  final String topic;

  /// What the client called the join; null for a client of version 1.
  final @Nullable String joinRef;

  /// The reference of the join's own message.
  final @Nullable String ref;

  /// The next channel of the same session.
  @Nullable ChannelProcess next;

  Stage stage = Stage.JOINING;

  /// The session reads nothing more until the first turn of this process is over.
  boolean blocksSession = true;

  /// What is joined once this process has ended, on the same topic.
  @Nullable Message successor;

  /// Whether the end of a predecessor is to be told after the answer to the join.
  boolean succeeds;

  @Nullable String predecessorRef;

  private @Nullable Supplier<? extends Channel> factory;
  private @Nullable Message join;
  private @Nullable Channel channel;
  private @Nullable Pid<Object> pid;
  private @Nullable Self<Object> self;
  private @Nullable Subscription subscription;

  /// The message of the client that is handled.
  private @Nullable Message current;

  /// What came before the answer to the join and is not handled yet; what comes meanwhile stands
  /// behind it.
  private @Nullable Waiting waiting;

  private @Nullable Resume resume;

  /// This process ends after the callback.
  private boolean ending;

  private byte scans;
  private Set<String> intercepts = Set.of();

  ChannelProcess(Session session, Supplier<? extends Channel> factory, Message join) {
    this.session = session;
    this.factory = factory;
    this.join = join;
    this.topic = session.endpoint.pubSub().shared(join.topic());
    this.joinRef = join.joinRef();
    this.ref = Objects.equals(join.ref(), joinRef) ? joinRef : join.ref();
  }

  void born(Pid<Object> process) {
    pid = process;
    subscription = pubSub().subscribe(topic, session.crew.lane, this, process);
    resume = Resume.asked(pubSub(), topic, Objects.requireNonNull(join).payload());
  }

  /// How much that was missed may be written at once.
  private int mostMissed() {
    return session.endpoint.limits().maxOutbound() / 2;
  }

  Pid<Object> pid() {
    return Objects.requireNonNull(pid);
  }

  Self<Object> self() {
    return Objects.requireNonNull(self);
  }

  PubSub pubSub() {
    return session.endpoint.pubSub();
  }

  /// What replies and pushes carry: a join without a join_ref is known by its ref.
  private @Nullable String lineRef() {
    return joinRef != null ? joinRef : ref;
  }

  /// Whether a message is meant for this join. A client of version 1 has no join references, and a
  /// null one always fits.
  boolean isMeant(Message message) {
    return joinRef == null || message.joinRef() == null || joinRef.equals(message.joinRef());
  }

  /// Whether a leave is meant for this join; here a null reference fits a join without one only.
  boolean isLeftBy(Message leave) {
    return joinRef == null || joinRef.equals(leave.joinRef());
  }

  // ---- the process
  // -------------------------------------------------------------------------------

  @Override
  public void onStart(Self<Object> process) throws Exception {
    self = process;
    try {
      Channel made = Objects.requireNonNull(factory).get();
      Message message = Objects.requireNonNull(join);
      factory = null;
      join = null;
      channel = made;
      made.enter(this);
      intercepts = made.intercepts();
      decide(made.onJoin(topic, message.payload()));
    } finally {
      session.firstTurnOver(this);
    }
  }

  private void decide(JoinResult result) throws Exception {
    if (stage != Stage.JOINING) {
      return;
    }
    switch (result) {
      case JoinResult.Joined(var response) -> {
        if (resume != null) {
          resume.begin(pubSub(), topic, mostMissed());
          waiting = waiting == null ? new Waiting(session) : waiting;
        }
        stage = Stage.JOINED;
        session.joined(this, response);
        handOverMissed();
        handleWaiting();
      }
      case JoinResult.Refused(var response) -> {
        stage = Stage.REFUSED;
        session.refused(this, response);
        handleWaiting();
        exit(ExitReason.NORMAL);
      }
      case JoinResult.Later(var later) -> await(later, this::decide);
    }
  }

  private void handOverMissed() throws Exception {
    Resume from = resume;
    if (from != null) {
      push("resume_state", from.state());
      Missed missed = from.take();
      long offset = missed.from();
      for (Broadcast event : missed.events()) {
        handOut(from, new Resume.Numbered(event, ++offset));
      }
    }
  }

  /// An event of a kept topic for a client that wants its number.
  private void handOut(Resume to, Resume.Numbered numbered) throws Exception {
    Broadcast event = numbered.event();
    if (!intercepts.contains(event.event())) {
      session.broadcast(event, numbered.offset());
      return;
    }
    to.handling = numbered.offset();
    try {
      Objects.requireNonNull(channel).handleOut(event.event(), event.payload());
    } finally {
      to.handling = 0;
    }
  }

  private void handleWaiting() throws Exception {
    while (waiting != null && !ending) {
      Object message = waiting.poll();
      if (message == null) {
        waiting = null;
      } else if (stage == Stage.REFUSED) {
        if (message instanceof Message late) {
          session.ignore(late);
        }
      } else if (message instanceof Broadcast broadcast
          && broadcast.topic().equals(topic)
          && !intercepts.contains(broadcast.event())) {
        session.broadcast(broadcast, 0);
      } else {
        handle(message);
      }
    }
  }

  @Override
  public void onMessage(Self<Object> process, Object message) throws Exception {
    switch (stage) {
      case JOINING -> postpone(message);
      case JOINED -> handle(message);
      case REFUSED, LEAVING -> {}
    }
  }

  /// In order behind what waits already. A client that lets more pile up than may wait for it
  /// to read is refused, so that memory is bounded however long a join takes.
  private void postpone(Object message) {
    Waiting all = waiting;
    if (all == null) {
      all = new Waiting(session);
      waiting = all;
    }
    all.add(message);
    if (stage == Stage.JOINING && session.waitingBytes > session.endpoint.limits().maxOutbound()) {
      giveUp(TOO_MUCH);
    }
  }

  /// Looks whether the join is decided; called four times within the idle timeout.
  void scan() {
    if (stage == Stage.JOINING && ++scans > 4) {
      giveUp(TOO_LATE);
    }
  }

  private void giveUp(Payload why) {
    stage = Stage.REFUSED;
    dropWaiting();
    session.refused(this, why);
    session.endpoint.node().exit(pid(), GIVEN_UP);
  }

  private void dropWaiting() {
    if (waiting != null) {
      waiting.drop();
      waiting = null;
    }
  }

  /// Ends this process after the callback; what waits is not handled any more.
  void exit(ExitReason reason) {
    ending = true;
    self().exit(reason);
  }

  private void handle(Object message) throws Exception {
    Channel target = Objects.requireNonNull(channel);
    if (message instanceof Message in) {
      if (in.event().equals("phx_leave")) {
        stage = Stage.LEAVING;
        session.reply(lineRef(), in.ref(), topic, "ok", Payload.EMPTY);
        exit(ExitReason.shutdown("left"));
      } else {
        apply(handleIn(target, in), in.ref());
      }
    } else if (message instanceof Resume.Numbered numbered && resume != null) {
      if (resume.isNew(numbered.offset())) {
        handOut(resume, numbered);
      }
    } else if (message instanceof Broadcast out && out.topic().equals(topic)) {
      target.handleOut(out.event(), out.payload());
    } else if (message instanceof PresenceAnswer(Payload state, Throwable failure)) {
      if (state == null) {
        throw new IllegalStateException("the presence does not answer", failure);
      }
      push("presence_state", state);
    } else {
      target.handleInfo(message);
    }
  }

  private Answer handleIn(Channel target, Message in) throws Exception {
    current = in;
    try {
      return target.handleIn(in.event(), in.payload());
    } finally {
      current = null;
    }
  }

  private void apply(Answer answer, @Nullable String toRef) throws Exception {
    switch (answer) {
      case Answer.Reply(var status, var payload) ->
          session.reply(lineRef(), toRef, topic, status, payload);
      case Answer.None() -> {}
      case Answer.Stop(var reason, var last) -> {
        apply(last, toRef);
        exit(reason);
      }
      case Answer.Later(var later) -> await(later, known -> apply(known, toRef));
    }
  }

  /// A callback that may throw anything.
  private interface Step<T> {
    void take(T value) throws Exception;
  }

  private <T> void await(CompletionStage<? extends T> later, Step<T> step) {
    self()
        .await(
            later,
            (value, failure) -> {
              try {
                if (failure != null) {
                  throw new CompletionException(failure);
                }
                step.take(Objects.requireNonNull(value, "a stage completed with null"));
              } catch (RuntimeException e) {
                throw e;
              } catch (Exception e) {
                throw new CompletionException(e);
              }
            });
  }

  @Override
  public void onExit(Self<Object> process, ExitReason reason) {
    if (channel != null && (stage == Stage.JOINED || stage == Stage.LEAVING)) {
      channel.terminate(reason);
    }
  }

  @Override
  public void ownerExited(Pid<?> owner, ExitReason reason) {
    unsubscribe();
    dropWaiting();
    session.ended(this, reason);
  }

  /// For operators: the class of the channel, the endpoint's process as its parent, the channel
  /// itself as its state.
  @Override
  public Inside inside() {
    return new Inside() {
      @Override
      public @Nullable String module() {
        return channel == null ? null : channel.getClass().getName();
      }

      @Override
      public @Nullable Pid<?> parent() {
        return session.endpoint.process();
      }

      @Override
      public @Nullable Object state() {
        return channel;
      }

      @Override
      public Object status() {
        return topic + " " + stage;
      }
    };
  }

  void unsubscribe() {
    if (subscription != null) {
      subscription.cancel();
    }
  }

  // ---- what the channel does
  // ---------------------------------------------------------------------

  void push(String event, Payload payload) {
    Resume numbers = resume;
    String ref =
        numbers == null || numbers.handling == 0 ? null : FrameEncoder.ref(numbers.handling);
    session.push(lineRef(), ref, topic, event, payload);
  }

  ReplyRef replyRef() {
    Message in = current;
    if (in == null) {
      throw new IllegalStateException(
          "expected replyRef() to be called while a message of the client is handled (in handleIn"
              + " or an @OnMessage method), got a call from elsewhere; take the reference there and"
              + " keep it");
    }
    return new ReplyRef(this, in.ref());
  }

  /// From any thread.
  void reply(@Nullable String toRef, String status, Payload payload) {
    session.crew.run(() -> session.replyLate(lineRef(), toRef, topic, status, payload));
  }

  // ---- what comes over the topic
  // -----------------------------------------------------------------

  @Override
  public void deliver(Delivery delivery) {
    Object message = delivery.message();
    Resume numbers = resume;
    if (numbers != null && delivery.offset() > 0 && message instanceof Broadcast broadcast) {
      deliverNumbered(numbers, delivery, broadcast);
    } else if (isWaiting()) {
      postpone(message);
    } else if (stage == Stage.JOINED) {
      if (message instanceof Broadcast broadcast && !intercepts.contains(broadcast.event())) {
        session.deliver(delivery);
      } else {
        pid().send(message);
      }
    }
  }

  private boolean isWaiting() {
    return stage == Stage.JOINING || waiting != null;
  }

  /// Where something is intercepted all goes through the mailbox, so that the numbers stay in
  /// order.
  private void deliverNumbered(Resume numbers, Delivery delivery, Broadcast event) {
    if (isWaiting()) {
      postpone(new Resume.Numbered(event, delivery.offset()));
    } else if (stage == Stage.JOINED && numbers.isNew(delivery.offset())) {
      if (intercepts.isEmpty()) {
        session.deliverNumbered(delivery);
      } else {
        pid().send(new Resume.Numbered(event, delivery.offset()));
      }
    }
  }

  boolean recovered() {
    return resume != null && resume.recovered(pubSub(), topic, mostMissed());
  }
}
