package dev.athanor.domain.problem;

/// A request that is turned away before it reaches the domain: the caller is told the problem, and
/// nothing has happened.
public final class Refused extends RuntimeException {
  private final transient Problem problem;

  /// With the problem to tell.
  public Refused(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /// The problem to tell.
  public Problem problem() {
    return problem;
  }
}
