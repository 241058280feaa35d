package dev.athanor.otp.quarkus.deployment;

import io.quarkus.arc.processor.BeanInfo;
import io.quarkus.arc.processor.BeanStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;

/// The channels of an application and what is wrong with them.
///
/// The rules about methods are the run time's own (`TypedChannel.check`), asked by name: this
/// module must not depend on otp, or otp would not reload in development. Classes are loaded for
/// it, never initialized.
///
/// @param channels patterns to classes
/// @param payloads the names of the types their payloads are
/// @param doors the names of the classes that are a `SocketConnect`, beans or not
/// @param mistakes one line each: expected, got
record ChannelSearch(
    Map<String, Class<?>> channels,
    Set<String> payloads,
    List<String> doors,
    List<String> mistakes) {
  private static final String CHANNEL = "dev.athanor.otp.channels.Channel";
  private static final String TYPED = "dev.athanor.otp.channels.typed.TypedChannel";
  private static final Set<String> SCOPES =
      Set.of(
          "jakarta.enterprise.context.ApplicationScoped",
          "jakarta.enterprise.context.RequestScoped",
          "jakarta.enterprise.context.SessionScoped",
          "jakarta.inject.Singleton");

  static ChannelSearch in(IndexView index, DotName topic, DotName connect) {
    List<String> doors =
        index.getAllKnownImplementations(connect).stream()
            .filter(each -> !each.isAbstract() && !each.isInterface())
            .map(each -> each.name().toString())
            .sorted()
            .toList();
    ChannelSearch search =
        new ChannelSearch(new LinkedHashMap<>(), new TreeSet<>(), doors, new ArrayList<>());
    Collection<AnnotationInstance> found = index.getAnnotations(topic);
    for (AnnotationInstance annotation : found) {
      if (annotation.target().kind() == AnnotationTarget.Kind.CLASS) {
        search.take(annotation.target().asClass(), annotation.value().asString());
      }
    }
    return search;
  }

  /// What is wrong with who decides about sockets: a decision that is no bean would not be asked,
  /// and everybody let in; of several nobody knows which.
  List<String> wrongDoors(BeanStream beans) {
    List<BeanInfo> known = beans.withBeanType(ChannelsProcessor.CONNECT).collect();
    List<String> asked =
        known.stream()
            .filter(bean -> !bean.isDefaultBean())
            .map(bean -> bean.getBeanClass().toString())
            .sorted()
            .toList();
    if (asked.size() > 1) {
      return List.of("expected at most one bean that is a SocketConnect, got " + asked);
    }
    if (known.isEmpty()) {
      return doors.stream()
          .map(
              each ->
                  each
                      + ": expected a SocketConnect to be a bean, got a class without a scope,"
                      + " which nobody would ask; add @Singleton")
          .toList();
    }
    return List.of();
  }

  private void take(ClassInfo info, String pattern) {
    String name = info.name().toString();
    int star = pattern.indexOf('*');
    if (pattern.isBlank() || (star >= 0 && star != pattern.length() - 1)) {
      mistakes.add(
          name
              + ": expected a topic like 'news' or a pattern with one * at its end like"
              + " 'stream:*', got '"
              + pattern
              + "'");
      return;
    }
    Class<?> channel = load(CHANNEL);
    Class<?> type = load(name);
    if (!channel.isAssignableFrom(type)) {
      mistakes.add(
          name + ": expected a subclass of " + CHANNEL + ", got one of " + info.superName());
      return;
    }
    if (info.isAbstract()) {
      mistakes.add(name + ": expected a class that can be made, got an abstract one");
      return;
    }
    for (AnnotationInstance each : info.declaredAnnotations()) {
      if (SCOPES.contains(each.name().toString())) {
        mistakes.add(
            name
                + ": expected no scope, as each join makes an instance, got @"
                + each.name().withoutPackagePrefix());
      }
    }
    Class<?> other = channels.putIfAbsent(pattern, type);
    if (other != null) {
      mistakes.add(
          "%s: expected one channel for '%s', got a second beside %s"
              .formatted(name, pattern, other.getName()));
      return;
    }
    if (load(TYPED).isAssignableFrom(type)) {
      ask("check", type).forEach(each -> mistakes.add(String.valueOf(each)));
      ask("payloads", type).forEach(each -> payloads.add(((Class<?>) each).getName()));
    }
  }

  private static Collection<?> ask(String question, Class<?> type) {
    try {
      Method method = load(TYPED).getMethod(question, Class.class);
      return (Collection<?>) Objects.requireNonNull(method.invoke(null, type));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("expected " + TYPED + " to answer '" + question + "'", e);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, Thread.currentThread().getContextClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("expected the class " + name + " in the application", e);
    }
  }
}
