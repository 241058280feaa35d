package dev.athanor.perf.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a process of this machine takes of it, read from /proc and, of a JVM, by jstat. Linux only.
final class Footprint {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");
  private static final double TICKS_A_SECOND = 100;

  private Footprint() {}

  /// The processor time it has used, in seconds, counted in hundredths.
  static double cpuSeconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND;
  }

  /// What is resident of it, pages shared with other processes included.
  static long residentKb(long pid) throws IOException {
    return line(Path.of("/proc", String.valueOf(pid), "status"), "VmRSS:");
  }

  /// What is resident of it, of shared pages its proportion.
  static long proportionalKb(long pid) throws IOException {
    return line(Path.of("/proc", String.valueOf(pid), "smaps_rollup"), "Pss:");
  }

  private static long line(Path file, String name) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }

  /// Used heap as the JVM reports it, without asking for a collection.
  static long heapKb(long pid) throws IOException, InterruptedException {
    List<String> lines = run("jstat", "-gc", String.valueOf(pid));
    if (lines.size() < 2) {
      return 0;
    }
    List<String> names = List.of(lines.get(0).trim().split("\\s+", -1));
    List<String> values = List.of(lines.get(1).trim().split("\\s+", -1));
    double used = 0;
    for (String space : List.of("S0U", "S1U", "EU", "OU")) {
      String value = values.get(names.indexOf(space));
      used += value.equals("-") ? 0 : Double.parseDouble(value);
    }
    return (long) used;
  }

  /// What is reachable in the heap: a full collection, and what it found, without the filling some
  /// collectors leave between objects.
  static long reachableKb(long pid) throws IOException, InterruptedException {
    long bytes = 0;
    for (String line : run("jcmd", String.valueOf(pid), "GC.class_histogram")) {
      String[] columns = line.trim().split("\\s+", -1);
      if (columns.length >= 4
          && columns[0].endsWith(":")
          && Character.isDigit(columns[0].charAt(0))
          && !columns[3].contains("FillerElement")) {
        bytes += Long.parseLong(columns[2]);
      }
    }
    return bytes / 1024;
  }

  private static List<String> run(String tool, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(JAVA.resolve(tool).toString());
    builder.command().addAll(List.of(arguments));
    Process process = builder.start();
    List<String> lines;
    try (var reader = process.inputReader()) {
      lines = reader.lines().toList();
    }
    process.waitFor();
    return lines;
  }
}
