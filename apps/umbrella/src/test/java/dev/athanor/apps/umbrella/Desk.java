package dev.athanor.apps.umbrella;

/** The editor of the tests; the password is set in the test's application.properties. */
final class Desk {
  static final String PASSWORD = "a password for tests";

  private Desk() {}
}
