package dev.athanor.perf.rivals;

/// Runs one case on Athanor: `Athanor CASE`. What a case does is the same in rivals.erl and in
/// [Pekko]; perf/README.md describes them.
final class Athanor {
  private Athanor() {}

  /// Runs the case and prints its values.
  ///
  /// @param args the name of the case
  /// @throws Exception if it fails
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "memory" -> AthanorProcesses.memory();
      case "alive" -> AthanorProcesses.alive(Integer.parseInt(args[1]));
      case "spawn" -> AthanorProcesses.spawn();
      case "send" -> AthanorProcesses.send();
      case "pingpong" -> AthanorProcesses.pingPong();
      case "fairness" -> AthanorProcesses.fairness();
      case "fanout" -> AthanorProcesses.fanOut();
      case "server_memory" -> AthanorServers.memory();
      case "start" -> AthanorServers.start();
      case "call" -> AthanorServers.call();
      case "restart" -> AthanorServers.restart();
      case "dynamic" -> AthanorServers.dynamic();
      case "registry" -> AthanorTables.registry();
      case "ets" -> AthanorTables.tables();
      default -> throw new IllegalArgumentException("no such case: " + args[0]);
    }
    System.exit(0);
  }
}
