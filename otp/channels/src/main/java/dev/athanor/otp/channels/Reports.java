package dev.athanor.otp.channels;

import dev.athanor.otp.channels.wire.BadFrame;
import dev.athanor.otp.telemetry.Event;
import dev.athanor.otp.telemetry.Telemetry;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/// The telemetry of an endpoint: what happens to its sockets and channels. With nobody attached no
/// event is built.
final class Reports {
  private final Telemetry telemetry;

  Reports(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  void event(String name, Session session) {
    if (telemetry.isAttached(name)) {
      telemetry.execute(Event.of(name, Map.of("id", id(session))));
    }
  }

  void event(String name, Session session, String topic) {
    if (telemetry.isAttached(name)) {
      telemetry.execute(Event.of(name, Map.of("id", id(session), "topic", topic)));
    }
  }

  void refused(HttpServerRequest request, int status, String why) {
    if (telemetry.isAttached("athanor.socket.refused")) {
      telemetry.execute(
          Event.of(
              "athanor.socket.refused",
              Map.of("status", status, "why", why, "path", String.valueOf(request.path()))));
    }
  }

  void badFrame(Session session, BadFrame bad) {
    if (telemetry.isAttached("athanor.socket.bad_frame")) {
      String why = String.valueOf(bad.getMessage());
      telemetry.execute(
          Event.of("athanor.socket.bad_frame", Map.of("id", id(session), "why", why)));
    }
  }

  void disconnected(Session session, int code) {
    if (telemetry.isAttached("athanor.socket.disconnected")) {
      telemetry.execute(
          new Event(
              "athanor.socket.disconnected", Map.of("code", code), Map.of("id", id(session))));
    }
  }

  void overflowed(Session session, long waiting) {
    if (telemetry.isAttached("athanor.socket.overflow")) {
      telemetry.execute(
          new Event(
              "athanor.socket.overflow", Map.of("bytes", waiting), Map.of("id", id(session))));
    }
  }

  void draining(int count, int total, int index, int rounds) {
    if (telemetry.isAttached("athanor.socket.drain")) {
      telemetry.execute(
          new Event(
              "athanor.socket.drain",
              Map.of("count", count, "total", total, "index", index, "rounds", rounds),
              Map.of()));
    }
  }

  private static String id(Session session) {
    String id = session.socket.id();
    return id == null ? "" : id;
  }
}
