package dev.athanor.domain.streams;

import java.util.Locale;

/// What a stream is about.
public enum StreamKind {
  /// A subject that editors write about: football, transfers.
  TOPIC,
  /// A club or a national team.
  TEAM,
  /// A league season or a tournament.
  COMPETITION;

  /// The name in JSON and in the database: lower case.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The kind of that wire name; an unknown one is an `IllegalArgumentException` that lists all.
  public static StreamKind ofWireName(String name) {
    for (StreamKind kind : values()) {
      if (kind.wireName().equals(name)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "expected one of topic, team, competition; got \"" + name + "\"");
  }
}
