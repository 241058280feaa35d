package dev.athanor.perf.load;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Measures what connections with channels cost: starts `ChannelServer`, lets `--few` and `--many`
/// clients join one topic, and prints what a joined and idle connection occupies after `--idle`
/// seconds, how fast they join, how long a broadcast takes until the last has it and what the
/// server's JVM computes for it, pushes and replies in a closed loop, and the memory after
/// `--rounds` rounds of coming and going. Then `--all` clients of as many servers as
/// they need. `--bare yes` measures `BareServer` beside it: what the sockets alone cost.
///
/// Clients and servers share the machine and its clock. Bytes count from a server that has just
/// started, so they hold what its JVM loads and compiles meanwhile. A client that fails to join, is
/// closed, or gets a broadcast twice or never makes the meter fail. Linux only.
public final class ChannelMeter {
  private static final int PER_SERVER = 17_000;
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("few", "10000"),
          Map.entry("many", "19500"),
          Map.entry("all", "100000"),
          Map.entry("idle", "32"),
          Map.entry("broadcasts", "30"),
          Map.entry("echo", "5"),
          Map.entry("rounds", "10"),
          Map.entry("flags", ""),
          Map.entry("loops", "2"),
          Map.entry("transport", "native"),
          Map.entry("bare", "yes"));

  private final Options options;
  private final Output output;
  private final Duration idle;
  private final Duration echo;
  private final int broadcasts;

  private ChannelMeter(Options options, Output output) {
    this.options = options;
    this.output = output;
    this.idle = options.seconds("idle", 600);
    this.echo = options.seconds("echo", 600);
    this.broadcasts = options.number("broadcasts", 1, 10_000);
  }

  /// Runs the meter and prints a Markdown table.
  ///
  /// @param args options as `--name value`; see the type
  /// @throws Exception if something does not arrive, or not once
  public static void main(String[] args) throws Exception {
    new ChannelMeter(Options.of(args, DEFAULTS), Output.standard()).run();
  }

  private void run() throws Exception {
    output.header("case", "Athanor", "bare sockets");
    int few = options.number("few", 1, 19_500);
    int many = options.number("many", 1, 19_500);
    int all = options.number("all", 0, 1_000_000);
    measure(few, false);
    measure(many, true);
    if (all > 0) {
      measureAll(all);
    }
  }

  private ChannelLoad athanor(int servers) throws IOException {
    return new ChannelLoad(
        servers,
        options.text("flags"),
        ChannelServer.class,
        "--loops",
        options.text("loops"),
        "--transport",
        options.text("transport"));
  }

  private void measure(int count, boolean rounds) throws Exception {
    try (ChannelLoad load = athanor(1)) {
      long before = load.residentKb();
      ChannelLoad.Cost joins = load.join(count);
      ChannelLoad.Cost rest = load.idle(idle);
      long resident = load.residentKb();
      ChannelLoad.Broadcasts sent = broadcasts(load);
      ChannelLoad.Echoes echoes = load.echo(Math.min(100, count), echo);
      Bare bare = options.text("bare").equals("yes") ? bare(count) : Bare.NONE;
      String who = ", %,d connections".formatted(count);
      row("resident bytes per joined, idle connection" + who, bytes(resident - before, count), "");
      row(
          "joins a second, new server" + who,
          "%,.0f".formatted(count / joins.seconds()),
          bare.joins);
      row(
          "server CPU per join, new server" + who,
          "%.0f us".formatted(joins.cpuSeconds() * 1e6 / count),
          bare.joinCpu);
      row("idle, a heartbeat every 30 s" + who, percent(rest), "");
      row("broadcast until the last has it, p50" + who, millis(sent.p50Millis()), bare.broadcast);
      row("the same, worst" + who, millis(sent.worstMillis()), bare.worst);
      row("server CPU per broadcast" + who, millis(sent.cpuMillis()), bare.broadcastCpu);
      row(
          "echoes a second, %d connections".formatted(Math.min(100, count)),
          "%,.0f".formatted(echoes.aSecond()),
          bare.echoes);
      row(
          "echo p50, p99",
          "%.2f ms, %.2f ms".formatted(echoes.p50Millis(), echoes.p99Millis()),
          bare.echoTimes);
      row("server CPU per echo", "%.1f us".formatted(echoes.cpuMicros()), bare.echoCpu);
      if (rounds) {
        comeAndGo(load, count, who);
      }
    }
  }

  /// The same server with the same number of clients, before and after they went and came again.
  private void comeAndGo(ChannelLoad load, int count, String who) throws Exception {
    int rounds = options.number("rounds", 0, 1_000);
    if (rounds == 0) {
      return;
    }
    long heap = load.reachableKb();
    long resident = load.residentKb();
    double best = 0;
    double sum = 0;
    double cpu = 0;
    for (int i = 0; i < rounds; i++) {
      load.leave();
      ChannelLoad.Cost joins = load.join(count);
      best = Math.max(best, count / joins.seconds());
      sum += joins.seconds();
      cpu = joins.cpuSeconds();
    }
    row(
        "joins a second, rounds of coming and going" + who,
        "%,.0f".formatted(count * rounds / sum),
        "");
    row("the same, best round" + who, "%,.0f".formatted(best), "");
    row("server CPU per join, last round" + who, "%.0f us".formatted(cpu * 1e6 / count), "");
    row("idle, a heartbeat every 30 s, after the rounds" + who, percent(load.idle(idle)), "");
    long heapAfter = load.reachableKb();
    row(
        "reachable in the heap, before and after %d rounds".formatted(rounds) + who,
        "%,d and %,d KB".formatted(heap, heapAfter),
        "");
    row(
        "resident, before and after %d rounds".formatted(rounds) + who,
        "%,d and %,d KB".formatted(resident, load.residentKb()),
        "");
  }

  private void measureAll(int count) throws Exception {
    int servers = (count + PER_SERVER - 1) / PER_SERVER;
    try (ChannelLoad load = athanor(servers)) {
      long before = load.residentKb();
      ChannelLoad.Cost joins = load.join(count);
      ChannelLoad.Cost rest = load.idle(idle.dividedBy(2));
      long resident = load.residentKb();
      ChannelLoad.Broadcasts sent =
          load.broadcast(Math.max(1, broadcasts / 3), Duration.ofMillis(300));
      String who = ", %,d connections of %d servers".formatted(count, servers);
      row("resident bytes per joined, idle connection" + who, bytes(resident - before, count), "");
      row("joins a second, new servers" + who, "%,.0f".formatted(count / joins.seconds()), "");
      row("idle, a heartbeat every 30 s" + who, percent(rest), "");
      row("broadcast on all until the last has it, p50" + who, millis(sent.p50Millis()), "");
      row("CPU of all servers per broadcast" + who, millis(sent.cpuMillis()), "");
    }
  }

  /// A third of them warm up.
  private ChannelLoad.Broadcasts broadcasts(ChannelLoad load) throws IOException {
    Duration apart = Duration.ofMillis(100);
    load.broadcast(Math.max(1, broadcasts / 3), apart);
    return load.broadcast(broadcasts, apart);
  }

  /// The second column.
  private record Bare(
      String joins,
      String joinCpu,
      String broadcast,
      String worst,
      String broadcastCpu,
      String echoes,
      String echoTimes,
      String echoCpu) {
    static final Bare NONE = new Bare("", "", "", "", "", "", "", "");
  }

  private Bare bare(int count) throws Exception {
    try (ChannelLoad load = new ChannelLoad(1, "-XX:+UseSerialGC -Xmx256m", BareServer.class)) {
      ChannelLoad.Cost joins = load.join(count);
      ChannelLoad.Broadcasts sent = broadcasts(load);
      ChannelLoad.Echoes echoes = load.echo(Math.min(100, count), echo);
      return new Bare(
          "%,.0f".formatted(count / joins.seconds()),
          "%.0f us".formatted(joins.cpuSeconds() * 1e6 / count),
          millis(sent.p50Millis()),
          millis(sent.worstMillis()),
          millis(sent.cpuMillis()),
          "%,.0f".formatted(echoes.aSecond()),
          "%.2f ms, %.2f ms".formatted(echoes.p50Millis(), echoes.p99Millis()),
          "%.1f us".formatted(echoes.cpuMicros()));
    }
  }

  private void row(String name, String here, String bare) {
    output.row(List.of(name, here, bare));
  }

  private static String bytes(long kb, int count) {
    return "%,.0f".formatted(kb * 1024.0 / count);
  }

  private static String percent(ChannelLoad.Cost cost) {
    return String.format(Locale.ROOT, "%.1f %% of a core", cost.cores() * 100);
  }

  private static String millis(double millis) {
    return String.format(Locale.ROOT, "%.1f ms", millis);
  }
}
