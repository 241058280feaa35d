package dev.athanor.otp.quarkus;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.telemetry.Event;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Writes into the log what a developer should hear of and the runtime, which never logs, only
/// reports: messages nobody got, callbacks that hold an event loop, messages that can be changed.
/// The runtime reports lost messages a few a second, so the log cannot be flooded.
@Singleton
final class ProcessLog {
  private static final Logger LOG = Logger.getLogger("dev.athanor.otp");

  void attach(
      @Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent started, Node node) {
    for (String name :
        List.of(
            "athanor.process.dead_letters",
            "athanor.process.messages_dropped",
            "athanor.process.loop_held",
            "athanor.process.mutable_message")) {
      node.telemetry().attach("athanor.quarkus.log." + name, name, ProcessLog::log);
    }
  }

  private static void log(Event event) {
    String line = line(event);
    if (line != null) {
      LOG.warn(line);
    }
  }

  static @Nullable String line(Event event) {
    Map<String, ?> about = event.metadata();
    return switch (event.name()) {
      case "athanor.process.dead_letters" ->
          about.isEmpty()
              ? event.measurements().get("count") + " more messages to dead processes"
              : "message to " + about.get("receiver") + ", which is dead: " + about.get("message");
      case "athanor.process.messages_dropped" ->
          about.isEmpty()
              ? event.measurements().get("count") + " more messages dropped by full mailboxes"
              : "message dropped by the full mailbox of "
                  + about.get("receiver")
                  + ": "
                  + about.get("message");
      case "athanor.process.loop_held" -> held(event);
      case "athanor.process.mutable_message" -> String.valueOf(about.get("complaint"));
      default -> null;
    };
  }

  private static String held(Event event) {
    Map<String, ?> about = event.metadata();
    StringBuilder line =
        new StringBuilder()
            .append(about.get("pid"))
            .append(" holds the event loop ")
            .append(about.get("thread"))
            .append(" for over ")
            .append(heldMillis(event))
            .append(" ms in ")
            .append(about.get("behavior"))
            .append(' ')
            .append(about.get("callback"))
            .append("; spawn it with Kind.VIRTUAL_THREAD or Kind.WORKER, or await a stage");
    if (about.get("stack") instanceof List<?> stack) {
      for (Object frame : stack) {
        line.append("\n\tat ").append(frame);
      }
    }
    return line.toString();
  }

  private static long heldMillis(Event event) {
    Number nanos = event.measurements().get("held");
    return nanos == null ? 0 : nanos.longValue() / 1_000_000;
  }
}
