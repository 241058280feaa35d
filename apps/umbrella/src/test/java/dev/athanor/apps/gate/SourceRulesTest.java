package dev.athanor.apps.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the rules about files and names: sizes, package-info, words that say nothing. */
class SourceRulesTest {
  private static final int RULE_LINES = 300;
  private static final int MOST_LINES = 500;
  private static final int MOST_PUBLIC_TYPES = 15;

  /** Hot lock-free classes that may be longer, each with its reason; nobody imitates them. */
  private static final Map<String, String> LONG_FILES = Map.of();

  private static final Set<String> EMPTY_WORDS =
      Set.of("impl", "util", "utils", "common", "internal", "helper", "helpers", "manager");
  private static final Pattern EMPTY_SUFFIX =
      Pattern.compile(".*(Impl|Utils?|Helpers?|Manager)\\.java");
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile(
          "(?m)^public (?:abstract |final |sealed |non-sealed |static )*"
              + "(?:class|interface|record|enum|@interface) ");
  private static final Pattern LEFT_OVER =
      Pattern.compile("\\b(TODO|FIXME|XXX)\\b|@author|printStackTrace|@Disabled");
  private static final Pattern SLEEP = Pattern.compile("Thread\\.sleep|TimeUnit\\.\\w+\\.sleep");

  // A field, not a local variable, that is made for several threads.
  private static final Pattern SHARED_FIELD =
      Pattern.compile(
          "(?m)^ {2,4}(?:(?:private|protected|public|final|static) +)*volatile "
              + "|^ {2,4}(?:(?:private|protected|public|final|static) +)+"
              + "(?:Atomic|Concurrent|CopyOnWrite|LinkedBlocking)\\w+(?:<.*>)? \\w+(?: =|;)");

  private static final List<Path> MAIN = Repository.javaFiles("main");
  private static final List<Path> TEST = Repository.javaFiles("test");

  @Test
  void files_everySource_staysShort() {
    List<String> tooLong = new ArrayList<>();
    int overRule = 0;
    for (Path file : all()) {
      long lines = Repository.read(file).lines().count();
      String name = Repository.relative(file).toString();
      if (lines > RULE_LINES) {
        overRule++;
      }
      if (lines > MOST_LINES && !LONG_FILES.containsKey(name)) {
        tooLong.add(name + ": " + lines + " lines, at most " + MOST_LINES + " expected");
      }
    }
    assertThat(tooLong).isEmpty();
    assertThat(overRule)
        .as("files over %s lines, of %s: the exception, not the rule", RULE_LINES, all().size())
        .isLessThanOrEqualTo(Math.max(1, all().size() / 10));
  }

  @Test
  void packages_everyFolder_hasNullMarkedPackageInfo() {
    Set<Path> folders = new TreeSet<>();
    MAIN.forEach(file -> folders.add(file.getParent()));
    List<String> broken = new ArrayList<>();
    for (Path folder : folders) {
      Path info = folder.resolve("package-info.java");
      if (!Files.exists(info)) {
        broken.add(Repository.relative(folder) + ": expected a package-info.java, found none");
      } else if (!Repository.read(info).contains("@NullMarked")) {
        broken.add(Repository.relative(info) + ": expected @NullMarked");
      } else if (!Repository.read(info).contains("///")) {
        broken.add(Repository.relative(info) + ": expected two sentences about the package");
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void packages_everyFolder_promisesFewPublicTypes() {
    Map<String, Integer> publicTypes = new HashMap<>();
    for (Path file : MAIN) {
      if (PUBLIC_TYPE.matcher(Repository.read(file)).find()) {
        publicTypes.merge(Repository.relative(file.getParent()).toString(), 1, Integer::sum);
      }
    }
    Map<String, Integer> tooMany = new TreeMap<>(publicTypes);
    tooMany.values().removeIf(count -> count <= MOST_PUBLIC_TYPES);
    assertThat(tooMany).as("packages with over %s public types", MOST_PUBLIC_TYPES).isEmpty();
  }

  @Test
  void names_everySource_saysWhatItIs() {
    List<String> broken = new ArrayList<>();
    for (Path file : all()) {
      for (Path part : Repository.relative(file)) {
        if (EMPTY_WORDS.contains(part.toString())) {
          broken.add(Repository.relative(file) + ": a package named " + part);
        }
      }
      if (EMPTY_SUFFIX.matcher(file.getFileName().toString()).matches()) {
        broken.add(Repository.relative(file) + ": a name that says nothing");
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void sources_everyFile_isFreeOfLeftOvers() {
    List<String> broken = new ArrayList<>();
    for (Path file : all()) {
      if (file.endsWith("SourceRulesTest.java")) {
        continue;
      }
      String text = Repository.read(file);
      if (LEFT_OVER.matcher(text).find()) {
        broken.add(Repository.relative(file) + ": " + LEFT_OVER.pattern());
      }
      if (SLEEP.matcher(text).find()) {
        broken.add(Repository.relative(file) + ": a sleep; wait for a condition instead");
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void sources_everySharedField_isInTheDocumentOfSynchronization() {
    String document = Repository.read(Repository.root().resolve("docs/synchronization.md"));
    List<String> missing = new ArrayList<>();
    for (Path file : MAIN) {
      String type = file.getFileName().toString().replace(".java", "");
      if (!Repository.relative(file).startsWith("perf")
          && SHARED_FIELD.matcher(Repository.read(file)).find()
          && !document.contains(type)) {
        missing.add(Repository.relative(file).toString());
      }
    }
    assertThat(missing).as("not in docs/synchronization.md").isEmpty();
  }

  private static List<Path> all() {
    List<Path> files = new ArrayList<>(MAIN);
    files.addAll(TEST);
    return files;
  }
}
