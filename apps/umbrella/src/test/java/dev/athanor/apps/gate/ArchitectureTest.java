package dev.athanor.apps.gate;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds the arrows between rooms: a room uses what stands to its left, nothing else. */
class ArchitectureTest {
  private static final String BASE = "dev.athanor.";

  private static final Set<String> PROCESS = Set.of("otp.telemetry", "otp.process");
  private static final Set<String> KINDS = with(PROCESS, "otp.ets", "otp.server", "otp.statem");
  private static final Set<String> RUNTIME =
      with(KINDS, "otp.supervisor", "otp.task", "otp.registry", "otp.sys");
  private static final Set<String> CARRIERS =
      with(RUNTIME, "otp.vertx", "otp.testing", "otp.cluster");
  private static final Set<String> OTP =
      with(CARRIERS, "otp.channels", "otp.observer", "otp.quarkus");

  /** Room to the rooms it may use; a room is a package prefix below dev.athanor. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("otp.telemetry", Set.of()),
          Map.entry("otp.process", Set.of("otp.telemetry")),
          Map.entry("otp.ets", PROCESS),
          Map.entry("otp.server", PROCESS),
          Map.entry("otp.statem", with(PROCESS, "otp.server")),
          Map.entry("otp.supervisor", KINDS),
          Map.entry("otp.task", with(KINDS, "otp.supervisor")),
          Map.entry("otp.registry", with(KINDS, "otp.supervisor")),
          Map.entry("otp.sys", with(KINDS, "otp.supervisor")),
          Map.entry("otp.vertx", RUNTIME),
          Map.entry("otp.testing", RUNTIME),
          Map.entry("otp.cluster", RUNTIME),
          Map.entry("otp.channels", CARRIERS),
          Map.entry("otp.observer", with(CARRIERS, "otp.channels")),
          Map.entry("otp.quarkus", with(CARRIERS, "otp.channels", "otp.observer")),
          Map.entry("domain", OTP),
          Map.entry("cms", with(OTP, "domain")),
          Map.entry("web", with(OTP, "domain")),
          Map.entry("processor", with(OTP, "domain")),
          Map.entry("apps", with(OTP, "domain", "cms", "web", "processor")),
          Map.entry("perf", with(OTP, "domain", "cms", "web", "processor", "apps")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter().importPaths(Repository.classFolders());

  @Test
  void rooms_everyDependency_followsTheArrows() {
    Set<String> broken = new TreeSet<>();
    for (JavaClass from : CLASSES) {
      String room = room(from.getPackageName());
      if (room == null) {
        broken.add(from.getName() + " stands in no room of the house");
        continue;
      }
      Set<String> allowed = ARROWS.getOrDefault(room, Set.of());
      from.getDirectDependenciesFromSelf()
          .forEach(
              dependency -> {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                String used = room(target.getPackageName());
                if (used != null && !used.equals(room) && !allowed.contains(used)) {
                  broken.add(room + " -> " + used + ": " + dependency.getDescription());
                }
              });
    }
    assertThat(broken).as("dependencies against the arrows").isEmpty();
  }

  @Test
  void packages_everySlice_isFreeOfCycles() {
    slices().matching("dev.athanor.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void runtime_everyClass_usesOnlyTheJdkJspecifyAndJctools() {
    List<String> foreign = new ArrayList<>();
    for (JavaClass from : CLASSES) {
      String room = room(from.getPackageName());
      if (room == null || !RUNTIME.contains(room)) {
        continue;
      }
      from.getDirectDependenciesFromSelf()
          .forEach(
              dependency -> {
                String target = dependency.getTargetClass().getBaseComponentType().getPackageName();
                if (!target.isEmpty()
                    && !target.startsWith("java.")
                    && !target.startsWith("org.jspecify.")
                    && !target.startsWith("org.jctools.")
                    && !target.startsWith(BASE)) {
                  foreign.add(dependency.getDescription());
                }
              });
    }
    assertThat(foreign).as("foreign libraries in otp/runtime").isEmpty();
  }

  private static String room(String packageName) {
    if (!packageName.startsWith(BASE)) {
      return null;
    }
    String[] parts = packageName.substring(BASE.length()).split("\\.", -1);
    String name = parts[0].equals("otp") && parts.length > 1 ? "otp." + parts[1] : parts[0];
    return ARROWS.containsKey(name) ? name : null;
  }

  private static Set<String> with(Set<String> rooms, String... more) {
    Set<String> all = new TreeSet<>(rooms);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }
}
