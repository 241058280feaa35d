package dev.athanor.otp.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Makes up the programs of the differential run. A program is a line of steps separated by `|`;
/// `p0` to `p5` are plain processes, `s0` and `s1` supervisors, `s2` a supervisor under another
/// one, and everything else a child. A step that makes no sense when its turn comes is skipped on
/// both sides, so every part of a program is a program too.
///
/// Left out is what has no outcome that Erlang promises: several causes of one end at a time. So
/// plain processes link to each other and to the tops of trees only.
final class Programs {
  private static final List<String> REASONS =
      List.of("normal", "shutdown", "{shutdown,x}", "boom", "kill", "killed", "noproc");
  private static final List<String> STRATEGIES =
      List.of("one_for_one", "one_for_all", "rest_for_one");
  private static final List<String> SHUTDOWNS = List.of("brutal", "5000", "infinity");
  private static final List<String> FATES =
      List.of(
          "o", "o", "o", "o", "o", "o", "o", "o", "on", "ono", "oono", "onno", "oooon", "oi", "io",
          "i", "no");

  private final Random random;
  private final List<String> steps = new ArrayList<>();
  private final List<String> children = new ArrayList<>();
  private final int plain;

  private Programs(Random random) {
    this.random = random;
    this.plain = 2 + random.nextInt(5);
  }

  static String random(Random random) {
    Programs program = new Programs(random);
    boolean supervised = random.nextInt(2) == 0;
    if (supervised) {
      program.define();
    }
    for (int i = 0; i < program.plain; i++) {
      program.spawn("p" + i);
    }
    if (supervised) {
      if (random.nextInt(3) > 0) {
        program.steps.add("p0 trap true");
      }
      program.steps.add("p0 start s0");
    }
    int count = 6 + random.nextInt(20);
    for (int i = 0; i < count; i++) {
      if (supervised && random.nextInt(3) > 0) {
        program.supervise();
      } else {
        program.signal();
      }
    }
    return String.join("|", program.steps);
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private String plain() {
    return "p" + random.nextInt(plain);
  }

  private String top() {
    return "s" + random.nextInt(2);
  }

  // ---- plain processes -----------------------------------------------------------------------

  private void spawn(String name) {
    int by = Integer.parseInt(name.substring(1));
    steps.add(
        by == 0 || random.nextInt(4) == 0
            ? "root spawn " + name
            : "p"
                + random.nextInt(by)
                + " "
                + one(List.of("spawn", "spawn_link", "spawn_monitor"))
                + " "
                + name);
    if (random.nextInt(3) == 0) {
      steps.add(name + " trap true");
    }
  }

  private void signal() {
    String peer = !children.isEmpty() && random.nextInt(6) == 0 ? top() : plain();
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> steps.add(plain() + " link " + peer);
      case 4 -> steps.add(plain() + " unlink " + peer);
      case 5, 6, 7 -> steps.add(plain() + " monitor " + anybody());
      case 8 -> steps.add(plain() + " demonitor " + anybody());
      case 9, 10 -> steps.add(plain() + " trap " + (random.nextInt(3) > 0));
      case 11, 12 -> steps.add(plain() + " exit " + one(REASONS));
      case 13 -> steps.add(plain() + " crash boom");
      case 14 -> steps.add("root spawn p" + plain);
      case 15 -> steps.add("root signal " + plain() + " " + one(REASONS));
      default -> steps.add(plain() + " signal " + peer + " " + one(REASONS));
    }
  }

  private String anybody() {
    return children.isEmpty() || random.nextInt(3) > 0
        ? plain()
        : random.nextInt(3) == 0 ? top() : one(children);
  }

  // ---- supervisors ---------------------------------------------------------------------------

  private void define() {
    if (random.nextInt(3) == 0) {
      steps.add(definition("s2", "z", false));
    }
    boolean nested = !steps.isEmpty();
    steps.add(definition("s0", "a", nested));
    steps.add(definition("s1", "b", false));
  }

  private String definition(String name, String prefix, boolean nested) {
    String auto =
        random.nextInt(4) == 0 ? one(List.of("any_significant", "all_significant")) : "never";
    StringBuilder text =
        new StringBuilder(
            "def %s %s %d %s".formatted(name, one(STRATEGIES), random.nextInt(4), auto));
    int count = 1 + random.nextInt(4);
    int place = nested ? random.nextInt(count + 1) : -1;
    for (int i = 0; i <= count; i++) {
      if (i == place) {
        text.append(" s2,permanent,infinity,true,false,s");
        children.add("s2");
      }
      if (i < count) {
        String id = prefix + i;
        children.add(id);
        text.append(' ').append(child(id, !auto.equals("never")));
      }
    }
    return text.toString();
  }

  private String child(String id, boolean maySignify) {
    String restart = one(List.of("permanent", "permanent", "transient", "temporary"));
    boolean significant = maySignify && !restart.equals("permanent") && random.nextBoolean();
    return String.join(
        ",",
        id,
        restart,
        one(SHUTDOWNS),
        String.valueOf(random.nextInt(3) > 0),
        String.valueOf(significant),
        one(FATES));
  }

  private void supervise() {
    String top = random.nextInt(8) == 0 ? "s2" : top();
    switch (random.nextInt(24)) {
      case 0, 1, 2, 3 -> steps.add(plain() + " start " + top());
      case 4, 5, 6, 7, 8, 9 -> steps.add("kid " + worker() + " end " + one(REASONS));
      case 10, 11, 12, 13 -> steps.add("root signal " + one(children) + " " + one(REASONS));
      case 14 -> steps.add("root signal " + top + " " + one(REASONS));
      case 15, 16 -> steps.add("sup " + top + " terminate " + one(children));
      case 17, 18 -> steps.add("sup " + top + " restart " + one(children));
      case 19 -> steps.add("sup " + top + " delete " + one(children));
      case 20 -> steps.add("sup " + top + " add " + child(worker(), false));
      case 21 -> steps.add("sup " + top + " add " + child("x" + random.nextInt(2), false));
      case 22 -> steps.add("sup " + top + " count");
      default -> steps.add("sup " + top + " which");
    }
  }

  private String worker() {
    List<String> workers = children.stream().filter(name -> !name.startsWith("s")).toList();
    return one(workers);
  }
}
