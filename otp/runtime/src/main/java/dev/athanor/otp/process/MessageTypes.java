package dev.athanor.otp.process;

import dev.athanor.otp.process.Node.MutableMessages;
import dev.athanor.otp.telemetry.Event;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Finds messages that can be changed after they were sent, as far as their class tells: once for
/// each class, whatever the number of messages.
///
/// What it knows: arrays; the mutable classes of java.lang, java.util, java.nio, java.sql; records
/// with a component declared as one of those, at any depth. A component declared as an interface,
/// List for instance, may hold anything and is taken to be immutable.
final class MessageTypes {
  private static final Set<String> MUTABLE =
      Set.of(
          "java.lang.StringBuilder",
          "java.lang.StringBuffer",
          "java.util.Date",
          "java.util.Calendar",
          "java.util.BitSet",
          "java.util.Random",
          "java.util.Scanner",
          "java.util.StringJoiner",
          "java.nio.Buffer",
          "java.text.Format");

  /// The empty string stands for a class nothing is known against.
  private static final ClassValue<String> FAULTS =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
          String fault = fault(type, new HashSet<>());
          return fault == null ? "" : fault;
        }
      };

  private final Node node;
  private final MutableMessages policy;
  private final Set<Class<?>> reported = ConcurrentHashMap.newKeySet();

  MessageTypes(Node node, MutableMessages policy) {
    this.node = node;
    this.policy = policy;
  }

  /// Looks at a message that is about to be sent.
  ///
  /// @throws IllegalArgumentException when it is mutable and the node refuses that
  void check(Pid<?> receiver, Object message) {
    Class<?> type = Pid.content(message).getClass();
    String fault = FAULTS.get(type);
    if (fault.isEmpty()) {
      return;
    }
    String complaint =
        "a message to "
            + receiver
            + " must be immutable, and "
            + type.getTypeName()
            + " is "
            + fault
            + "; send a record of values, or of an immutable copy (List.copyOf)";
    switch (policy) {
      case IGNORE -> {}
      case REPORT -> {
        if (reported.add(type)) {
          node.telemetry()
              .execute(
                  Event.of(
                      "athanor.process.mutable_message",
                      Map.of("pid", receiver, "type", type, "complaint", complaint)));
        }
      }
      case REFUSE -> throw new IllegalArgumentException(complaint);
    }
  }

  private static @Nullable String fault(Class<?> type, Set<Class<?>> seen) {
    if (type.isArray()) {
      return "an array";
    }
    if (type.isInterface() || type.isEnum() || type.isPrimitive() || !seen.add(type)) {
      return null;
    }
    if (type.isRecord()) {
      return componentFault(type, seen);
    }
    for (Class<?> each : ancestors(type)) {
      if (MUTABLE.contains(each.getName())) {
        return "mutable";
      }
    }
    String name = type.getName();
    if (name.startsWith("java.util.concurrent.atomic.")) {
      return "mutable";
    }
    boolean collection =
        Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
    return collection && name.startsWith("java.util.") && !isFixed(name)
        ? "a mutable collection"
        : null;
  }

  private static @Nullable String componentFault(Class<?> type, Set<Class<?>> seen) {
    for (RecordComponent component : type.getRecordComponents()) {
      String fault = fault(component.getType(), seen);
      if (fault != null) {
        return "a record whose component "
            + component.getName()
            + " ("
            + component.getType().getTypeName()
            + ") is "
            + fault;
      }
    }
    return null;
  }

  private static boolean isFixed(String name) {
    return name.startsWith("java.util.ImmutableCollections")
        || name.startsWith("java.util.Collections$Empty")
        || name.startsWith("java.util.Collections$Singleton")
        || name.startsWith("java.util.Collections$Unmodifiable")
        || name.startsWith("java.util.Collections$CopiesList");
  }

  private static List<Class<?>> ancestors(Class<?> type) {
    List<Class<?>> all = new ArrayList<>();
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      all.add(each);
    }
    return all;
  }
}
