package dev.athanor.otp.channels;

import dev.athanor.otp.channels.longpoll.LongPolling;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.pubsub.TopicPattern;
import dev.athanor.otp.channels.transport.CloseCode;
import dev.athanor.otp.channels.websocket.Handshake;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.channels.wire.Serializer;
import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.supervisor.ChildInfo;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.Shutdown;
import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where clients open sockets and join channels (`Phoenix.Endpoint` and `Phoenix.Socket` in one): a
/// handler for the paths `/socket/websocket` and, if it lets clients poll, `/socket/longpoll` of
/// any Vert.x HTTP server.
///
/// Under a supervisor it belongs as a [#child]: stopped in its turn it tells its connections to go
/// in batches ([Drain]), waits for their channels' last callbacks, and refuses new ones meanwhile.
///
/// It must be called on an event loop of the Vert.x instance its node is scheduled on; the
/// connection and its channels then stay on that loop. Refusals: HTTP 400 for what is no WebSocket
/// handshake, 403 for an unknown `vsn`, a foreign origin or when the application says so, 500 when
/// the application fails, 503 while it drains and once [#close] was called.
///
/// It emits telemetry for all that happens to sockets and channels; docs/telemetry.md lists the
/// events.
///
/// Shared between threads: `crews` (a concurrent map), `closing` and `process` (volatile).
public final class Endpoint implements Handler<HttpServerRequest>, AutoCloseable {
  private static final String LONG_POLL = "/longpoll";

  private final Node node;
  private final PubSub pubSub;
  private final Routes routes;
  private final Limits limits;
  private final Origins origins;
  final Function<? super ConnectInfo, ? extends Connect> connect;
  final WriteBufferWaterMark outbound;
  final Reports reports;
  private final Drain drain;
  private final @Nullable LongPolls longPolls;
  private final ConcurrentMap<Lane, Crew> crews = new ConcurrentHashMap<>();
  private volatile boolean closing;
  private volatile @Nullable Pid<?> process;

  private Endpoint(Builder builder) {
    this.node = builder.node;
    this.pubSub = builder.pubSub;
    this.routes = new Routes(builder.channels);
    this.limits = builder.limits;
    this.origins = builder.origins;
    this.connect = builder.connect;
    this.drain = builder.drain;
    this.reports = new Reports(node.telemetry());
    this.longPolls = builder.longPolling == null ? null : new LongPolls(this, builder.longPolling);
    this.outbound =
        new WriteBufferWaterMark(Math.max(1, limits.maxOutbound() / 2), limits.maxOutbound());
  }

  /// Starts the description of an endpoint.
  ///
  /// @param node where its channels are processes
  /// @param pubSub what carries their broadcasts
  /// @return a builder with the defaults
  public static Builder builder(Node node, PubSub pubSub) {
    return new Builder(node, pubSub);
  }

  /// How an endpoint is to be made.
  public static final class Builder {
    private final Node node;
    private final PubSub pubSub;
    private final Map<TopicPattern, Supplier<? extends Channel>> channels = new LinkedHashMap<>();
    private Limits limits = Limits.DEFAULT;
    private Origins origins = Origins.sameHost();
    private Drain drain = Drain.DEFAULT;
    private @Nullable LongPolling longPolling;
    private Function<? super ConnectInfo, ? extends Connect> connect = info -> Connect.accept();

    private Builder(Node node, PubSub pubSub) {
      this.node = node;
      this.pubSub = pubSub;
    }

    /// Says which channel takes which topics. Of several patterns that fit, the first declared
    /// wins.
    ///
    /// @param pattern a topic, or a prefix with `*` at its end: `stream:*`
    /// @param factory makes a new channel for every join
    /// @return this
    public Builder channel(String pattern, Supplier<? extends Channel> factory) {
      if (channels.putIfAbsent(new TopicPattern(pattern), factory) != null) {
        throw new IllegalArgumentException(
            "expected each pattern once, got '" + pattern + "' again");
      }
      return this;
    }

    /// Decides who may open a socket; everybody by default. Called on the event loop, must not
    /// block.
    ///
    /// @param decision takes what is known of the client
    /// @return this
    public Builder connect(Function<? super ConnectInfo, ? extends Connect> decision) {
      connect = decision;
      return this;
    }

    /// How much one connection may ask of the server; [Limits#DEFAULT] by default.
    ///
    /// @param value the limits
    /// @return this
    public Builder limits(Limits value) {
      limits = value;
      return this;
    }

    /// Which pages may open a socket; those of the same host by default.
    ///
    /// @param value the rule
    /// @return this
    public Builder origins(Origins value) {
      origins = value;
      return this;
    }

    /// Lets clients poll that cannot hold a WebSocket: requests whose path ends in `/longpoll` are
    /// theirs then. Not allowed by default.
    ///
    /// Their sessions live in the memory of this server: behind one address for several servers a
    /// client must come back to the same one.
    ///
    /// @param value window and limits, [LongPolling#DEFAULT] for instance
    /// @return this
    public Builder longPoll(LongPolling value) {
      longPolling = value;
      return this;
    }

    /// How its connections are told to go when it is stopped; [Drain#DEFAULT] by default.
    ///
    /// @param value batches, interval and patience
    /// @return this
    public Builder drain(Drain value) {
      drain = value;
      return this;
    }

    /// Makes the endpoint.
    ///
    /// @return an endpoint without connections
    public Endpoint build() {
      return new Endpoint(this);
    }
  }

  // ---- opening
  // -----------------------------------------------------------------------------------

  @Override
  public void handle(HttpServerRequest request) {
    if (longPolls != null && String.valueOf(request.path()).endsWith(LONG_POLL)) {
      longPolls.handle(request, crew());
    } else {
      openWebSocket(request);
    }
  }

  private void openWebSocket(HttpServerRequest request) {
    Serializer serializer = Serializer.forVersion(request.getParam("vsn"));
    if (closing) {
      refuse(request, 503, "closing");
    } else if (!Handshake.isAsked(request)) {
      refuse(request, 400, "handshake");
    } else if (serializer == null) {
      refuse(request, 403, "version");
    } else if (!allowsOrigin(request)) {
      refuse(request, 403, "origin");
    } else {
      Crew crew = crew();
      String offered = request.getHeader("Sec-WebSocket-Protocol");
      decide(
          request,
          crew,
          SubProtocols.authToken(offered),
          new Decision() {
            @Override
            public void accepted(Socket socket) {
              accept(request, crew, serializer, offered, socket);
            }

            @Override
            public void refused() {
              refuse(request, 403, "application");
            }
          });
    }
  }

  private void accept(
      HttpServerRequest request,
      Crew crew,
      Serializer serializer,
      @Nullable String offered,
      Socket socket) {
    if (closing) { // since it was asked
      refuse(request, 503, "closing");
      return;
    }
    Session session = new Session(this, crew, FrameEncoder.webSocket(serializer), socket);
    Handshake.accept(
        request,
        SubProtocols.answer(offered),
        limits.maxFrame(),
        outbound,
        session,
        connection -> {
          session.opened(connection);
          reports.event("athanor.socket.connected", session);
          if (closing) { // since it was answered
            session.close(CloseCode.RESTART);
          }
        });
  }

  /// HTTP/2 has no header `Host`, so the host is asked for in the way that fits both.
  boolean allowsOrigin(HttpServerRequest request) {
    HostAndPort host = request.authority();
    return origins.allows(request.getHeader("Origin"), host == null ? null : host.toString());
  }

  /// What follows from what the application says, on the request's loop.
  interface Decision {
    void accepted(Socket socket);

    void refused();
  }

  /// Asks the application; its failure is answered with HTTP 500 here.
  void decide(HttpServerRequest request, Crew crew, @Nullable String authToken, Decision decision) {
    ConnectInfo info =
        new ConnectInfo(
            String.valueOf(request.path()),
            request.params(),
            request.headers(),
            authToken,
            String.valueOf(request.remoteAddress()));
    Connect answer;
    try {
      answer = connect.apply(info);
    } catch (RuntimeException failure) {
      refuse(request, 500, "crashed");
      return;
    }
    decided(request, crew, answer, decision);
  }

  private void decided(HttpServerRequest request, Crew crew, Connect answer, Decision decision) {
    switch (answer) {
      case Connect.Refused() -> decision.refused();
      case Connect.Accepted(var id, var assigns) ->
          decision.accepted(
              id == null && assigns.isEmpty() ? Socket.UNKNOWN : new Socket(id, assigns));
      case Connect.Later(var later) ->
          later.whenComplete(
              (known, failure) ->
                  crew.run(
                      () -> {
                        if (failure != null || known == null) {
                          refuse(request, 500, "crashed");
                        } else {
                          decided(request, crew, known, decision);
                        }
                      }));
    }
  }

  void refuse(HttpServerRequest request, int status, String why) {
    if (!request.response().ended()) {
      request.response().setStatusCode(status).end();
    }
    reports.refused(request, status, why);
  }

  Crew crew() {
    Lane lane = node.scheduler().lane(Kind.EVENT_LOOP);
    if (!lane.isCurrent()) {
      throw new IllegalStateException(
          "expected to be called on an event loop of the Vert.x instance the node is scheduled on,"
              + " got "
              + Thread.currentThread());
    }
    Crew crew = crews.get(lane);
    if (crew == null) {
      crew = new Crew(this, lane);
      crews.put(lane, crew);
    }
    return crew;
  }

  // ---- from outside
  // ------------------------------------------------------------------------------

  /// Closes all sockets of somebody, on all nodes; their clients connect again unless the
  /// application refuses them. From any thread.
  ///
  /// @param id the id given in [Connect#accept(String, Map)]
  public void disconnect(String id) {
    pubSub.broadcast(id, "disconnect", Payload.EMPTY);
  }

  /// Refuses new sockets and closes all that are open with code 1001; their channels end with
  /// `{shutdown, closed}`. Returns at once.
  @Override
  public void close() {
    closing = true;
    closeSockets(CloseCode.GOING_AWAY);
  }

  /// Refuses new sockets and tells those that are open to go, batch by batch, with code 1012; their
  /// channels end with `{shutdown, closed}`. From any thread.
  ///
  /// @return completes when the last channel has ended, at the latest when the patience of the
  ///   [Drain] is over and those left were closed at once
  public CompletionStage<Void> drain() {
    closing = true;
    return drain.begin(this);
  }

  /// The endpoint as a child of a supervisor: the parent of its channels. Stopping it is a
  /// [#drain]; killing it closes all sockets at once; starting it again opens it again. The sockets
  /// outlive nothing: their clients connect anew.
  ///
  /// @param id the child's id
  /// @return the spec: permanent, stopped within the patience of the drain
  public ChildSpec child(Object id) {
    return EndpointServer.child(id, this)
        .shutdown(Shutdown.within(drain.patience().plus(Drain.LAST_CALLBACKS)));
  }

  void open(Pid<?> server) {
    process = server;
    closing = false;
  }

  void closeSockets(int code) {
    for (Crew crew : crews.values()) {
      crew.lane.execute(() -> crew.forEachLast(Integer.MAX_VALUE, session -> session.close(code)));
    }
  }

  /// Its channels, as [dev.athanor.otp.supervisor.DynamicSupervisor#whichChildren] would tell
  /// them: the topic as the id, all of them workers. From any thread.
  ///
  /// @return completes with those alive, in no particular order
  public CompletionStage<List<ChildInfo>> whichChannels() {
    CompletionStage<List<ChildInfo>> all = CompletableFuture.completedStage(List.of());
    for (Crew crew : crews.values()) {
      all =
          all.thenCombine(
              crew.ask(crew::whichChannels),
              (some, more) -> {
                List<ChildInfo> both = new ArrayList<>(some);
                both.addAll(more);
                return both;
              });
    }
    return all;
  }

  /// What carries the broadcasts of its channels.
  ///
  /// @return the PubSub
  public PubSub pubSub() {
    return pubSub;
  }

  /// Whether new sockets are let in: not while it drains and not after [#close].
  ///
  /// @return the state, out of date when it arrives
  public boolean isOpen() {
    return !closing;
  }

  /// Counts of what goes through it.
  ///
  /// @return the counts, out of date when they arrive
  public Traffic traffic() {
    return Traffic.of(crews.values());
  }

  /// Where its channels are processes.
  ///
  /// @return the node
  public Node node() {
    return node;
  }

  // ---- for sessions
  // ------------------------------------------------------------------------------

  Limits limits() {
    return limits;
  }

  Routes routes() {
    return routes;
  }

  boolean isClosing() {
    return closing;
  }

  List<Crew> crews() {
    return List.copyOf(crews.values());
  }

  /// The endpoint's own process; null when it runs under no supervisor.
  @Nullable Pid<?> process() {
    return process;
  }
}
