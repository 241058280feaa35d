package dev.athanor.otp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;

/// One small program, what OTP (or Elixir) answers to it, and what ours does: a row of
/// docs/conformance.md. Answers are terms in Erlang's notation, so that the same is the same.
///
/// @param name the program in a few words
/// @param otp what OTP answers
/// @param ours what ours answers
/// @param decision the number of the ADR that says why they differ; empty where they do not
/// @param run the program on ours; its outcome is printed by [Terms]
record Scenario(String name, String otp, String ours, String decision, Callable<?> run) {
  static Scenario same(String name, String answer, Callable<?> run) {
    return new Scenario(name, answer, answer, "", run);
  }

  static Scenario differs(String name, String otp, String ours, String decision, Callable<?> run) {
    return new Scenario(name, otp, ours, decision, run);
  }

  void check() throws Exception {
    assertThat(Terms.of(run.call())).as(name).isEqualTo(ours);
  }

  @Override
  public String toString() {
    return name;
  }
}
