package dev.athanor.otp.channels.typed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.athanor.otp.channels.Answer;
import dev.athanor.otp.channels.JoinResult;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.ExitReason;
import io.smallrye.mutiny.Uni;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds the annotated methods of a channel's class and what is wrong with them. Initializes no
/// class, so that a build may use it.
final class HandlerScan {
  private static final List<Class<? extends Annotation>> KINDS =
      List.of(OnJoin.class, OnMessage.class, OnBroadcast.class, OnInfo.class, OnLeave.class);

  private final Class<?> type;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Method> messages = new LinkedHashMap<>();
  private final Map<String, Method> broadcasts = new LinkedHashMap<>();
  private final List<Method> infos = new ArrayList<>();
  private final Set<Class<?>> payloads = new LinkedHashSet<>();
  private @Nullable Method join;
  private @Nullable Method leave;

  HandlerScan(Class<?> type) {
    this.type = type;
    Map<String, Method> overridden = new HashMap<>();
    for (Class<?> each = type;
        each != null && each != TypedChannel.class && each != Object.class;
        each = each.getSuperclass()) {
      Method[] methods = each.getDeclaredMethods();
      Arrays.sort(methods, (a, b) -> a.toString().compareTo(b.toString()));
      for (Method method : methods) {
        if (!method.isSynthetic() && kinds(method) > 0) {
          String signature = method.getName() + Arrays.toString(method.getParameterTypes());
          if (overridden.putIfAbsent(signature, method) == null) {
            take(method);
          }
        }
      }
    }
    if (join == null && problems.isEmpty()) {
      problems.add(type.getName() + ": expected one method with @OnJoin, got none");
    }
  }

  List<String> problems() {
    return Collections.unmodifiableList(problems);
  }

  Set<Class<?>> payloads() {
    return Collections.unmodifiableSet(payloads);
  }

  @Nullable Method join() {
    return join;
  }

  Map<String, Method> messages() {
    return messages;
  }

  Map<String, Method> broadcasts() {
    return broadcasts;
  }

  List<Method> infos() {
    return infos;
  }

  @Nullable Method leave() {
    return leave;
  }

  private static long kinds(Method method) {
    return KINDS.stream().filter(method::isAnnotationPresent).count();
  }

  private void take(Method method) {
    if (kinds(method) > 1) {
      problem(method, "one annotation", "several");
      return;
    }
    if (Modifier.isStatic(method.getModifiers())) {
      problem(method, "a method of the instance", "a static one");
      return;
    }
    if (method.isAnnotationPresent(OnJoin.class)) {
      join(method);
    } else if (method.isAnnotationPresent(OnLeave.class)) {
      leave(method);
    } else if (method.isAnnotationPresent(OnInfo.class)) {
      info(method);
    } else if (method.isAnnotationPresent(OnMessage.class)) {
      event(method, method.getAnnotation(OnMessage.class).value(), messages);
      returned(method, Answer.class);
    } else {
      event(method, method.getAnnotation(OnBroadcast.class).value(), broadcasts);
      nothing(method);
    }
  }

  private void join(Method method) {
    Class<?>[] parameters = method.getParameterTypes();
    long topics = Arrays.stream(parameters).filter(each -> each == String.class).count();
    if (topics > 1 || parameters.length - topics > 1) {
      problem(
          method, "at most the topic (a String) and the parameters (a type of its own)", method);
    }
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i] != String.class) {
        payload(method, i);
      }
    }
    returned(method, JoinResult.class);
    if (join != null) {
      problem(method, "one method with @OnJoin", "a second one beside " + join.getName());
    }
    join = method;
  }

  private void leave(Method method) {
    Class<?>[] parameters = method.getParameterTypes();
    if (parameters.length > 1 || (parameters.length == 1 && parameters[0] != ExitReason.class)) {
      problem(method, "an ExitReason or no parameter", method);
    }
    nothing(method);
    if (leave != null) {
      problem(method, "one method with @OnLeave", "a second one beside " + leave.getName());
    }
    leave = method;
  }

  private void info(Method method) {
    if (method.getParameterCount() != 1 || method.getParameterTypes()[0].isPrimitive()) {
      problem(method, "one parameter, the type of the messages it takes", method);
      return;
    }
    nothing(method);
    for (Method other : infos) {
      if (other.getParameterTypes()[0] == method.getParameterTypes()[0]) {
        problem(method, "one method for each type of message", "a second beside " + other);
      }
    }
    infos.add(method);
  }

  private void event(Method method, String event, Map<String, Method> known) {
    if (event.isBlank() || event.startsWith("phx_")) {
      problem(method, "an event's name that does not begin with phx_", "'" + event + "'");
    }
    if (method.getParameterCount() > 1) {
      problem(method, "no parameter or one, the payload", method);
    } else if (method.getParameterCount() == 1) {
      payload(method, 0);
    }
    Method other = known.putIfAbsent(event, method);
    if (other != null) {
      problem(
          method, "one method for the event '" + event + "'", "a second beside " + other.getName());
    }
  }

  private void payload(Method method, int index) {
    Type parameter = method.getGenericParameterTypes()[index];
    if (!(parameter instanceof Class<?> known)
        || known.isPrimitive()
        || Answer.class.isAssignableFrom(known)) {
      problem(method, "a class to read the payload into, without type parameters", method);
    } else if (known != Payload.class && !JsonNode.class.isAssignableFrom(known)) {
      payloads.add(known);
    }
  }

  /// Remembers what is written as JSON: the type returned, or what a stage of it holds.
  private void returned(Method method, Class<?> own) {
    Type result = method.getGenericReturnType();
    if (result instanceof ParameterizedType generic
        && generic.getRawType() instanceof Class<?> raw
        && (CompletionStage.class.isAssignableFrom(raw) || raw == Uni.class)) {
      result = generic.getActualTypeArguments()[0];
    }
    boolean other = own == Answer.class ? result == JoinResult.class : result == Answer.class;
    if (other) {
      problem(
          method, own.getSimpleName() + " or what the reply carries", "the return type " + result);
    }
    if (result instanceof Class<?> known
        && known != void.class
        && known != Void.class
        && known != Payload.class
        && !own.isAssignableFrom(known)) {
      payloads.add(known);
    }
  }

  private void nothing(Method method) {
    if (method.getReturnType() != void.class) {
      problem(method, "the return type void", "the return type " + method.getGenericReturnType());
    }
  }

  private void problem(Method method, String expected, Method got) {
    String parameters =
        Arrays.stream(got.getGenericParameterTypes())
            .map(Type::getTypeName)
            .collect(Collectors.joining(", ", "(", ")"));
    problem(method, expected, parameters);
  }

  private void problem(Method method, String expected, String got) {
    String kind =
        KINDS.stream()
            .filter(method::isAnnotationPresent)
            .map(each -> "@" + each.getSimpleName())
            .collect(Collectors.joining(" "));
    problems.add(
        "%s.%s (%s): expected %s, got %s"
            .formatted(type.getName(), method.getName(), kind, expected, got));
  }
}
