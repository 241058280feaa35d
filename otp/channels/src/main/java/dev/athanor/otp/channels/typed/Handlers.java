package dev.athanor.otp.channels.typed;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.athanor.otp.channels.Answer;
import dev.athanor.otp.channels.JoinResult;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.ExitReason;
import io.smallrye.mutiny.Uni;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The annotated methods of one class of channels, ready to be called. Made once a class.
final class Handlers {
  private static final ClassValue<Handlers> KNOWN =
      new ClassValue<>() {
        @Override
        protected Handlers computeValue(Class<?> type) {
          return new Handlers(type);
        }
      };

  /// All methods as (channel, argument) → result; `payload` is what the argument is read into, null
  /// when the method wants none.
  private record Handler(MethodHandle call, @Nullable Class<?> payload, boolean silent) {
    @Nullable Object call(Object channel, @Nullable Object argument) throws Exception {
      try {
        return (Object) call.invokeExact(channel, argument);
      } catch (Exception | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    @Nullable Object read(Payload json) {
      if (payload == null || payload == Payload.class) {
        return json;
      }
      return json.as(payload);
    }
  }

  private record ByType(Class<?> type, Handler handler) {}

  private final Class<?> type;
  private final Map<String, Handler> messages = new HashMap<>();
  private final Map<String, Handler> broadcasts = new HashMap<>();
  private final List<ByType> infos = new ArrayList<>();
  private final Handler join;
  private final @Nullable Handler leave;

  private Handlers(Class<?> type) {
    HandlerScan scan = new HandlerScan(type);
    if (!scan.problems().isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", scan.problems()));
    }
    this.type = type;
    scan.messages().forEach((event, method) -> messages.put(event, handler(method)));
    scan.broadcasts().forEach((event, method) -> broadcasts.put(event, handler(method)));
    for (Method method : scan.infos()) {
      infos.add(new ByType(method.getParameterTypes()[0], handler(method)));
    }
    join = join(Objects.requireNonNull(scan.join()));
    leave = scan.leave() == null ? null : handler(scan.leave());
  }

  static Handlers of(Class<?> type) {
    return KNOWN.get(type);
  }

  private static MethodHandle open(Method method) {
    method.setAccessible(true);
    try {
      return MethodHandles.lookup().unreflect(method);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("was made accessible", e);
    }
  }

  private static Handler handler(Method method) {
    MethodHandle call = open(method);
    Class<?> payload = method.getParameterCount() == 0 ? null : method.getParameterTypes()[0];
    if (payload == null) {
      call = MethodHandles.dropArguments(call, 1, Object.class);
    }
    MethodType generic = MethodType.methodType(Object.class, Object.class, Object.class);
    return new Handler(call.asType(generic), payload, method.getReturnType() == void.class);
  }

  /// The argument of a join is the pair of topic and parameters.
  private record Wish(String topic, @Nullable Object params) {
    private static final MethodHandle TOPIC = getter("topic", String.class);
    private static final MethodHandle PARAMS = getter("params", Object.class);

    private static MethodHandle getter(String name, Class<?> type) {
      try {
        return MethodHandles.lookup().findVirtual(Wish.class, name, MethodType.methodType(type));
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }

  private static Handler join(Method method) {
    MethodHandle call = open(method);
    Class<?>[] parameters = method.getParameterTypes();
    Class<?> payload = null;
    int[] order = new int[1 + parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      boolean topic = parameters[i] == String.class;
      payload = topic ? payload : parameters[i];
      MethodHandle part = topic ? Wish.TOPIC : Wish.PARAMS;
      call =
          MethodHandles.filterArguments(
              call, i + 1, part.asType(MethodType.methodType(parameters[i], Wish.class)));
      order[i + 1] = 1;
    }
    MethodType merged =
        MethodType.methodType(method.getReturnType(), call.type().parameterType(0), Wish.class);
    call = MethodHandles.permuteArguments(call, merged, order);
    MethodType generic = MethodType.methodType(Object.class, Object.class, Object.class);
    return new Handler(call.asType(generic), payload, method.getReturnType() == void.class);
  }

  // ---- calling
  // -----------------------------------------------------------------------------------

  JoinResult join(TypedChannel channel, String topic, Payload params) throws Exception {
    Object read;
    try {
      read = join.read(params);
    } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException unfit) {
      return JoinResult.refuse(unfit(unfit));
    }
    return joined(join.call(channel, new Wish(topic, read)));
  }

  private static JoinResult joined(@Nullable Object result) {
    return switch (result) {
      case null -> JoinResult.ok();
      case JoinResult known -> known;
      case CompletionStage<?> later -> JoinResult.later(later.thenApply(Handlers::joined));
      case Uni<?> later -> joined(later.subscribeAsCompletionStage());
      default -> JoinResult.ok(payload(result));
    };
  }

  Answer message(TypedChannel channel, String event, Payload payload) throws Exception {
    Handler handler = messages.get(event);
    if (handler == null) {
      throw new IllegalArgumentException(
          "expected one of the events %s of %s, got '%s'"
              .formatted(new TreeSet<>(messages.keySet()), type.getName(), event));
    }
    Object read;
    try {
      read = handler.read(payload);
    } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException unfit) {
      return Answer.error(unfit(unfit));
    }
    Object result = handler.call(channel, read);
    return handler.silent() ? Answer.none() : answer(result);
  }

  private static Answer answer(@Nullable Object result) {
    return switch (result) {
      case null -> Answer.ok();
      case Answer known -> known;
      case CompletionStage<?> later -> Answer.later(later.thenApply(Handlers::answer));
      case Uni<?> later -> answer(later.subscribeAsCompletionStage());
      default -> Answer.ok(payload(result));
    };
  }

  Set<String> intercepts() {
    return broadcasts.keySet();
  }

  void broadcast(TypedChannel channel, String event, Payload payload) throws Exception {
    Handler handler = Objects.requireNonNull(broadcasts.get(event));
    var _ = handler.call(channel, handler.read(payload));
  }

  void info(TypedChannel channel, Object message) throws Exception {
    ByType best = null;
    for (ByType info : infos) {
      if (info.type().isInstance(message)
          && (best == null || best.type().isAssignableFrom(info.type()))) {
        best = info;
      }
    }
    if (best != null) {
      var _ = best.handler().call(channel, message);
    }
  }

  void leave(TypedChannel channel, ExitReason reason) {
    if (leave != null) {
      try {
        var _ = leave.call(channel, reason);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static Payload payload(Object value) {
    return value instanceof Payload known ? known : Payload.of(value);
  }

  // ---- what does not fit
  // -------------------------------------------------------------------------

  /// What the client is told about a payload that cannot be read: where, what was expected.
  private static Payload unfit(RuntimeException failure) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("reason", "bad payload");
    if (failure.getCause() instanceof JsonMappingException unread) {
      String field =
          unread.getPath().stream()
              .map(
                  each ->
                      each.getFieldName() == null
                          ? "[" + each.getIndex() + "]"
                          : each.getFieldName())
              .collect(Collectors.joining("."));
      if (!field.isEmpty()) {
        told.put("field", field);
      }
      if (unread instanceof UnrecognizedPropertyException unknown
          && unknown.getKnownPropertyIds() != null) {
        told.put("expected", "one of " + unknown.getKnownPropertyIds());
      } else if (unread instanceof MismatchedInputException mismatch
          && mismatch.getTargetType() != null) {
        told.put("expected", mismatch.getTargetType().getSimpleName());
      }
    } else {
      told.put("expected", "JSON");
    }
    return Payload.of(told);
  }
}
