package dev.athanor.otp.quarkus.deployment;

import dev.athanor.otp.quarkus.declared.DeclaredChannels;
import dev.athanor.otp.quarkus.declared.DeclaredChannelsRecorder;
import dev.athanor.otp.quarkus.declared.StopListener;
import io.quarkus.arc.deployment.BeanArchiveIndexBuildItem;
import io.quarkus.arc.deployment.BeanDefiningAnnotationBuildItem;
import io.quarkus.arc.deployment.SyntheticBeanBuildItem;
import io.quarkus.arc.deployment.UnremovableBeanBuildItem;
import io.quarkus.arc.deployment.ValidationPhaseBuildItem;
import io.quarkus.arc.deployment.ValidationPhaseBuildItem.ValidationErrorBuildItem;
import io.quarkus.arc.processor.BuiltinScope;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.ExecutionTime;
import io.quarkus.deployment.annotations.Record;
import io.quarkus.deployment.builditem.FeatureBuildItem;
import io.quarkus.deployment.builditem.ShutdownListenerBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ReflectiveClassBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ReflectiveHierarchyBuildItem;
import jakarta.enterprise.inject.spi.DeploymentException;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.jandex.DotName;

/// Finds the channels that are declared as beans, checks them, and records which takes what.
class ChannelsProcessor {
  static final DotName TOPIC =
      DotName.createSimple("dev.athanor.otp.quarkus.channels.ChannelTopic");
  static final DotName CONNECT =
      DotName.createSimple("dev.athanor.otp.quarkus.channels.SocketConnect");

  @BuildStep
  FeatureBuildItem feature() {
    return new FeatureBuildItem("athanor-quarkus");
  }

  @BuildStep
  BeanDefiningAnnotationBuildItem channelsAreBeans() {
    return new BeanDefiningAnnotationBuildItem(TOPIC, BuiltinScope.DEPENDENT.getName(), false);
  }

  @BuildStep
  UnremovableBeanBuildItem hooksStay() {
    return UnremovableBeanBuildItem.beanTypes(CONNECT);
  }

  /// Sockets are drained while the HTTP server still stands.
  @BuildStep
  ShutdownListenerBuildItem beforeStop() {
    return new ShutdownListenerBuildItem(new StopListener());
  }

  @BuildStep
  ChannelSearchBuildItem search(BeanArchiveIndexBuildItem beans) {
    return new ChannelSearchBuildItem(ChannelSearch.in(beans.getIndex(), TOPIC, CONNECT));
  }

  @BuildStep
  void found(ChannelSearchBuildItem search, BuildProducer<DeclaredChannelBuildItem> channels) {
    search
        .result()
        .channels()
        .forEach(
            (pattern, type) ->
                channels.produce(new DeclaredChannelBuildItem(pattern, type.getName())));
  }

  @BuildStep
  void refuse(
      ValidationPhaseBuildItem validation,
      ChannelSearchBuildItem search,
      BuildProducer<ValidationErrorBuildItem> errors) {
    List<String> mistakes = new ArrayList<>(search.result().mistakes());
    mistakes.addAll(search.result().wrongDoors(validation.getContext().beans()));
    if (!mistakes.isEmpty()) {
      errors.produce(
          new ValidationErrorBuildItem(
              new DeploymentException(
                  "Channels that cannot work:\n  " + String.join("\n  ", mistakes))));
    }
  }

  @BuildStep
  @Record(ExecutionTime.STATIC_INIT)
  SyntheticBeanBuildItem record(
      DeclaredChannelsRecorder recorder, List<DeclaredChannelBuildItem> channels) {
    Map<String, String> ordered = new LinkedHashMap<>();
    channels.stream()
        .sorted(
            Comparator.comparing((DeclaredChannelBuildItem each) -> each.pattern().endsWith("*"))
                .thenComparingInt(each -> -each.pattern().length())
                .thenComparing(DeclaredChannelBuildItem::pattern))
        .forEach(each -> ordered.put(each.pattern(), each.className()));
    return SyntheticBeanBuildItem.configure(DeclaredChannels.class)
        .scope(Singleton.class)
        .unremovable()
        .runtimeValue(recorder.declared(ordered))
        .done();
  }

  /// In a native image the annotated methods are called, and payloads are read, by reflection.
  @BuildStep
  void reflection(
      ChannelSearchBuildItem search,
      BuildProducer<ReflectiveClassBuildItem> classes,
      BuildProducer<ReflectiveHierarchyBuildItem> payloads) {
    for (Class<?> type : search.result().channels().values()) {
      for (Class<?> each = type;
          each != null && each != Object.class;
          each = each.getSuperclass()) {
        classes.produce(ReflectiveClassBuildItem.builder(each.getName()).methods().build());
      }
    }
    for (String payload : search.result().payloads()) {
      payloads.produce(ReflectiveHierarchyBuildItem.builder(payload).source("channels").build());
    }
  }
}
