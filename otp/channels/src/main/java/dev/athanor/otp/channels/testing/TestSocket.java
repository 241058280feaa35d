package dev.athanor.otp.channels.testing;

import dev.athanor.otp.channels.ConnectInfo;
import dev.athanor.otp.channels.Endpoint;
import dev.athanor.otp.channels.Loopback;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.SpawnOptions;
import dev.athanor.otp.testing.DeterministicScheduler;
import io.vertx.core.MultiMap;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A client that is connected to an endpoint within the same process: no server, no port, and
/// behind the handshake all the real code (`connect/3` of `Phoenix.ChannelTest`).
///
/// Expectations wait up to ten seconds, under the deterministic scheduler up to a second of virtual
/// time, which costs nothing; refutations last 100 milliseconds; [#patience] changes both. What is
/// expected is taken, everything else stays. A failure says what was received instead, where it
/// differs, and which processes crashed meanwhile.
///
/// To be used by the thread of the test. otp/testing must be on the class path.
public final class TestSocket implements AutoCloseable {
  private static final AtomicLong IDS = new AtomicLong();
  private static final int MOST_CRASHES = 20;

  private record Crash(String what, ExitReason reason) {}

  private final Endpoint endpoint;
  private final Inbox<Received> received;
  private final Inbox<Integer> ended;
  private final Queue<Crash> crashes = new ConcurrentLinkedQueue<>();
  private final String handler = "athanor.channels.testing." + IDS.incrementAndGet();
  private final List<Pid<?>> listeners = new ArrayList<>();
  private @Nullable Loopback line;
  private Duration patience;
  private Duration refusal = Duration.ofMillis(100);
  private long refs;

  private TestSocket(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.patience =
        endpoint.node().scheduler() instanceof DeterministicScheduler
            ? Duration.ofSeconds(1)
            : Duration.ofSeconds(10);
    this.received = new Inbox<>(endpoint.node().scheduler());
    this.ended = new Inbox<>(endpoint.node().scheduler());
  }

  // ---- connecting
  // --------------------------------------------------------------------------------

  /// Connects without parameters.
  ///
  /// @param endpoint where to
  /// @return the open socket
  /// @throws AssertionError when the endpoint refuses
  public static TestSocket connect(Endpoint endpoint) {
    return connect(endpoint, Map.of());
  }

  /// Connects with the parameters of a URL.
  ///
  /// @param endpoint where to
  /// @param params what `connect` finds in [ConnectInfo#param]
  /// @return the open socket
  /// @throws AssertionError when the endpoint refuses
  public static TestSocket connect(Endpoint endpoint, Map<String, String> params) {
    return connect(endpoint, info(params));
  }

  /// Connects as somebody of whom more is known: headers, an `authToken`.
  ///
  /// @param endpoint where to
  /// @param info what `connect` is told; its parameter `vsn` must be 2.0.0
  /// @return the open socket
  /// @throws AssertionError when the endpoint refuses
  public static TestSocket connect(Endpoint endpoint, ConnectInfo info) {
    TestSocket socket = tryConnect(endpoint, info);
    if (socket == null) {
      throw new AssertionError(
          "expected the endpoint to accept a socket with " + info.params() + ", it refused");
    }
    return socket;
  }

  /// Makes sure that the endpoint refuses.
  ///
  /// @param endpoint where to
  /// @param params what `connect` finds in [ConnectInfo#param]
  /// @throws AssertionError when it accepts
  public static void assertRefused(Endpoint endpoint, Map<String, String> params) {
    TestSocket socket = tryConnect(endpoint, info(params));
    if (socket != null) {
      socket.close();
      throw new AssertionError(
          "expected the endpoint to refuse a socket with " + params + ", it accepted");
    }
  }

  private static @Nullable TestSocket tryConnect(Endpoint endpoint, ConnectInfo info) {
    TestSocket socket = new TestSocket(endpoint);
    socket.line = socket.await(Loopback.open(endpoint, info, socket.new Ear()));
    if (socket.line == null) {
      return null;
    }
    socket.listenForCrashes();
    return socket;
  }

  private static ConnectInfo info(Map<String, String> params) {
    MultiMap all = MultiMap.caseInsensitiveMultiMap().addAll(params);
    if (!all.contains("vsn")) {
      all.add("vsn", "2.0.0");
    }
    return new ConnectInfo(
        "/socket/websocket", all, MultiMap.caseInsensitiveMultiMap(), null, "127.0.0.1:0");
  }

  private void listenForCrashes() {
    node()
        .telemetry()
        .attach(
            handler,
            "athanor.process.crashed",
            event -> {
              if (crashes.size() < MOST_CRASHES
                  && event.metadata().get("reason") instanceof ExitReason reason) {
                crashes.add(new Crash(String.valueOf(event.metadata().get("pid")), reason));
              }
            });
  }

  /// How long expectations wait, and for how long refutations look.
  ///
  /// @param expecting the longest wait for what should come
  /// @param refuting the time in which nothing may come
  /// @return this
  public TestSocket patience(Duration expecting, Duration refuting) {
    patience = expecting;
    refusal = refuting;
    return this;
  }

  // ---- joining
  // -----------------------------------------------------------------------------------

  /// Joins a topic without parameters, and listens to the topic (`subscribe_and_join!/3`).
  ///
  /// @param topic the topic
  /// @return the joined channel
  /// @throws AssertionError when the join is refused, crashes or is not answered
  public TestChannel subscribeAndJoin(String topic) {
    return subscribeAndJoin(topic, Map.of());
  }

  /// Joins a topic, and listens to the topic itself, for [TestChannel#assertBroadcast].
  ///
  /// @param topic the topic
  /// @param params what the client sends along: a [Payload] or anything Jackson can write
  /// @return the joined channel
  /// @throws AssertionError when the join is refused, crashes or is not answered
  public TestChannel subscribeAndJoin(String topic, Object params) {
    TestChannel channel = new TestChannel(this, topic, nextRef());
    channel.subscribe();
    channel.join(params).assertReply("ok");
    return channel;
  }

  /// Joins a topic that is expected to refuse.
  ///
  /// @param topic the topic
  /// @param params what the client sends along
  /// @return what the client is told
  /// @throws AssertionError when the join is not refused
  public Payload assertJoinRefused(String topic, Object params) {
    return new TestChannel(this, topic, nextRef()).join(params).assertReply("error");
  }

  // ---- the socket itself
  // -------------------------------------------------------------------------

  /// What was received and not yet taken by an expectation.
  ///
  /// @return the messages in the order of arrival
  public List<Received> received() {
    return received.all();
  }

  /// Closes the socket, as a page that is left does: its channels end with `{shutdown, closed}`.
  /// Returns when that is done. Idempotent.
  @Override
  public void close() {
    Loopback open = line();
    if (ended.all().isEmpty()) {
      open.close();
      var _ = ended.find(code -> true, patience);
    }
    var _ = node().telemetry().detach(handler);
    listeners.forEach(listener -> node().exit(listener, ExitReason.SHUTDOWN));
  }

  /// Waits for the server to close the socket.
  ///
  /// @return the close code: 1001 after [Endpoint#disconnect]
  /// @throws AssertionError when it stays open
  public int assertDisconnected() {
    Integer code = ended.find(any -> true, patience);
    if (code == null) {
      throw failure("the server to close the socket", patience, null, null, received.all());
    }
    return code;
  }

  // ---- for channels and pushes
  // -------------------------------------------------------------------

  Node node() {
    return endpoint.node();
  }

  PubSub pubSub() {
    return endpoint.pubSub();
  }

  /// Spawns a process that ends with this socket.
  <M> Pid<M> spawn(Behavior<M> behavior) {
    Pid<M> listener = node().spawn(behavior, SpawnOptions.DEFAULT);
    listeners.add(listener);
    return listener;
  }

  Duration patience() {
    return patience;
  }

  Duration refusal() {
    return refusal;
  }

  String nextRef() {
    return Long.toString(++refs);
  }

  Loopback line() {
    return Objects.requireNonNull(line);
  }

  void send(String joinRef, String ref, String topic, String event, Payload payload) {
    if (payload.isBinary()) {
      line().send(binary(payload, joinRef, ref, topic, event));
      return;
    }
    String head = text(Payload.of(List.of(joinRef, ref, topic, event)));
    line().send(head.substring(0, head.length() - 1) + "," + text(payload) + "]");
  }

  private static String text(Payload json) {
    return new String(json.toByteArray(), StandardCharsets.UTF_8);
  }

  private static byte[] binary(Payload payload, String... fields) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0);
    for (String field : fields) {
      frame.write(field.getBytes(StandardCharsets.UTF_8).length);
    }
    for (String field : fields) {
      frame.writeBytes(field.getBytes(StandardCharsets.UTF_8));
    }
    frame.writeBytes(payload.toByteArray());
    return frame.toByteArray();
  }

  Received expect(
      String what, Predicate<Received> wanted, @Nullable String event, @Nullable Payload pattern) {
    Received found =
        received.take(
            each ->
                wanted.test(each) && (pattern == null || Matching.fits(pattern, each.payload())),
            patience);
    if (found == null) {
      throw failure(what, patience, event, pattern, received.all());
    }
    return found;
  }

  void refute(String what, Predicate<Received> unwanted) {
    Received found = received.find(unwanted, refusal);
    if (found != null) {
      throw new AssertionError("expected " + what + " within " + refusal + ", got " + found);
    }
  }

  AssertionError failure(
      String what,
      Duration within,
      @Nullable String event,
      @Nullable Payload pattern,
      List<Received> instead) {
    StringBuilder text = new StringBuilder("expected ").append(what);
    if (pattern != null) {
      text.append(' ').append(pattern);
    }
    text.append(" within ").append(within).append("; ");
    text.append(instead.isEmpty() ? "nothing was received" : "received instead:");
    for (Received each : instead) {
      text.append("\n  ").append(each);
      if (pattern != null && each.event().equals(event)) {
        String difference = Matching.difference(pattern, each.payload());
        text.append("\n    ").append(difference == null ? "fits" : difference);
      }
    }
    Throwable cause = null;
    for (Crash crash : crashes) {
      text.append("\n  crashed: ").append(crash.what()).append(' ').append(crash.reason());
      cause = crash.reason() instanceof ExitReason.Crashed(var thrown) ? thrown : cause;
    }
    if (node().scheduler() instanceof DeterministicScheduler virtual) {
      text.append("\n  seed ").append(virtual.seed());
    }
    return new AssertionError(text.toString(), cause);
  }

  <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    if (node().scheduler() instanceof DeterministicScheduler virtual) {
      return virtual.await(stage);
    }
    try {
      return stage.toCompletableFuture().get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("expected the endpoint to answer within " + patience, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the endpoint was to answer", e);
    }
  }

  private final class Ear implements Loopback.Ear {
    @Override
    public void onFrame(byte[] frame, boolean binary) {
      received.add(Received.of(frame, binary));
    }

    @Override
    public void onClosed(int code) {
      ended.add(code);
    }
  }
}
