package dev.athanor.otp.channels;

import dev.athanor.otp.channels.longpoll.LongPoll;
import dev.athanor.otp.channels.longpoll.LongPolling;
import dev.athanor.otp.channels.longpoll.Status;
import dev.athanor.otp.channels.token.Token;
import dev.athanor.otp.channels.transport.Transport;
import dev.athanor.otp.channels.wire.Serializer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// The HTTP side of polling clients (`Phoenix.Transports.LongPoll`): finds the session a request
/// belongs to, on whichever loop that lives, and answers on the request's own.
///
/// Shared between threads: `open` (a concurrent map from the id in a token).
final class LongPolls {
  private static final Duration TOKEN_AGE = Duration.ofDays(14);
  private static final int ID_BYTES = 16;

  /// Takes a session off the list when it ends.
  private record Entry(LongPolls polls, String id, Session session) implements Transport.Listener {
    @Override
    public void onMessage(byte[] message, boolean binary) {
      session.onMessage(message, binary);
    }

    @Override
    public void onClosed(int code) {
      polls.open.remove(id);
      session.onClosed(code);
    }

    @Override
    public void onOverflow(long waiting) {
      session.onOverflow(waiting);
    }
  }

  private record Line(Session session, LongPoll transport) {}

  private final Endpoint endpoint;
  private final LongPolling options;
  private final SecureRandom random = new SecureRandom();
  private final Token tokens;
  private final ConcurrentMap<String, Line> open = new ConcurrentHashMap<>();

  LongPolls(Endpoint endpoint, LongPolling options) {
    this.endpoint = endpoint;
    this.options = options;
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    this.tokens = new Token(secret, "long poll");
  }

  void handle(HttpServerRequest request, Crew crew) {
    request.response().putHeader("access-control-allow-origin", "*");
    if (!endpoint.allowsOrigin(request)) {
      endpoint.reports.refused(request, Status.FORBIDDEN, "origin");
      answer(request, Status.FORBIDDEN);
    } else if (request.method().equals(HttpMethod.OPTIONS)) {
      allow(request);
    } else if (request.method().equals(HttpMethod.GET)) {
      Line line = find(request);
      if (line == null) {
        open(request, crew);
      } else {
        poll(request, crew, line);
      }
    } else if (request.method().equals(HttpMethod.POST)) {
      Line line = find(request);
      if (line == null) {
        answer(request, Status.GONE);
      } else {
        post(request, crew, line);
      }
    } else {
      request.response().setStatusCode(400).end();
    }
  }

  /// A browser asks beforehand whether a page from elsewhere may. Its origin was looked at.
  private static void allow(HttpServerRequest request) {
    String headers = request.getHeader("access-control-request-headers");
    request
        .response()
        .putHeader("access-control-allow-headers", headers == null ? "" : headers)
        .putHeader("access-control-allow-methods", "get, post, options")
        .putHeader("access-control-max-age", "3600")
        .end();
  }

  private @Nullable Line find(HttpServerRequest request) {
    String token = request.getParam("token");
    return token != null
            && tokens.verify(token, TOKEN_AGE) instanceof Token.Verified.Valid(var id, var signedAt)
        ? open.get(id)
        : null;
  }

  // ---- a new session
  // -----------------------------------------------------------------------------

  private void open(HttpServerRequest request, Crew crew) {
    Serializer serializer = Serializer.forVersion(request.getParam("vsn"));
    if (endpoint.isClosing()) {
      endpoint.refuse(request, 503, "closing");
    } else if (serializer == null) {
      endpoint.reports.refused(request, Status.FORBIDDEN, "version");
      answer(request, Status.FORBIDDEN);
    } else {
      endpoint.decide(
          request,
          crew,
          request.getHeader("x-phoenix-authtoken"),
          new Endpoint.Decision() {
            @Override
            public void accepted(Socket socket) {
              begin(request, crew, serializer, socket);
            }

            @Override
            public void refused() {
              endpoint.reports.refused(request, Status.FORBIDDEN, "application");
              answer(request, Status.FORBIDDEN);
            }
          });
    }
  }

  private void begin(HttpServerRequest request, Crew crew, Serializer serializer, Socket socket) {
    if (endpoint.isClosing()) { // since it was asked
      endpoint.refuse(request, 503, "closing");
      return;
    }
    byte[] chance = new byte[ID_BYTES];
    random.nextBytes(chance);
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(chance);
    Session session = new Session(endpoint, crew, FrameEncoder.polling(serializer), socket);
    Limits limits = endpoint.limits();
    LongPoll transport =
        new LongPoll(
            crew.lane,
            endpoint.node().scheduler(),
            options,
            limits.maxFrame(),
            limits.maxOutbound(),
            new Entry(this, id, session));
    open.put(id, new Line(session, transport));
    session.opened(transport);
    endpoint.reports.event("athanor.socket.connected", session);
    answer(request, Status.GONE, tokens.sign(id), new byte[0]);
  }

  // ---- requests of a session
  // ---------------------------------------------------------------------

  private static void poll(HttpServerRequest request, Crew crew, Line line) {
    String token = String.valueOf(request.getParam("token"));
    LongPoll.Poll poll =
        (status, messages) -> crew.run(() -> answer(request, status, token, messages));
    Crew home = line.session().crew;
    request.response().closeHandler(gone -> home.run(() -> line.transport().brokenOff(poll)));
    home.run(() -> line.transport().poll(poll));
  }

  private void post(HttpServerRequest request, Crew crew, Line line) {
    Buffer body = Buffer.buffer();
    request.handler(
        part -> {
          if (body.length() + part.length() <= options.maxBody()) {
            body.appendBuffer(part);
          } else if (!request.response().ended()) {
            answer(request.response().setStatusCode(413), 413);
            request.connection().close();
          }
        });
    request.endHandler(
        end -> {
          if (request.response().ended()) {
            return;
          }
          List<LongPoll.Posted> messages;
          try {
            messages = messages(body.getBytes(), request.getHeader("content-type"));
          } catch (IllegalArgumentException notBase64) {
            answer(request.response().setStatusCode(400), 400);
            return;
          }
          LongPoll.Post post = status -> crew.run(() -> answer(request, status));
          line.session().crew.run(() -> line.transport().post(messages, post));
        });
    request.resume();
  }

  /// A message a line, text when it begins like one and base64 otherwise; or just one.
  private static List<LongPoll.Posted> messages(byte[] body, @Nullable String type) {
    if (type == null || !type.startsWith("application/x-ndjson")) {
      return List.of(new LongPoll.Posted(body, false));
    }
    List<LongPoll.Posted> messages = new ArrayList<>();
    int start = 0;
    for (int end = 0; end <= body.length; end++) {
      if (end < body.length && body[end] != '\n') {
        continue;
      }
      int last = end > start && body[end - 1] == '\r' ? end - 1 : end;
      if (last > start) {
        byte[] line = Arrays.copyOfRange(body, start, last);
        boolean text = line[0] == '[' || line[0] == '{';
        messages.add(new LongPoll.Posted(text ? line : Base64.getDecoder().decode(line), !text));
      }
      start = end + 1;
    }
    return messages;
  }

  // ---- answers
  // -----------------------------------------------------------------------------------

  private static void answer(HttpServerRequest request, int status) {
    answer(request.response(), status);
  }

  private static void answer(HttpServerResponse response, int status) {
    if (!response.ended() && !response.closed()) {
      json(response).end("{\"status\":" + status + "}");
    }
  }

  private static void answer(HttpServerRequest request, int status, String token, byte[] messages) {
    if (!request.response().ended() && !request.response().closed()) {
      Buffer body = Buffer.buffer(messages.length + token.length() + 64);
      body.appendString("{\"status\":" + status + ",\"token\":\"" + token + "\",\"messages\":[");
      body.appendBytes(messages).appendString("]}");
      json(request.response()).end(body);
    }
  }

  private static HttpServerResponse json(HttpServerResponse response) {
    return response.putHeader("content-type", "application/json; charset=utf-8");
  }
}
