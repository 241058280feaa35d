package dev.athanor.domain.validation;

import java.util.List;
import java.util.stream.Collectors;

/// An input that breaks the rules of the domain, with every broken rule at once. It is the caller's
/// to show: nothing has been stored, and trying again with the same input fails again.
public final class InvalidContent extends RuntimeException {
  private final transient List<FieldError> errors;

  /// Of at least one error; an empty list is refused, since it would hide what is wrong.
  public InvalidContent(List<FieldError> errors) {
    super(errors.stream().map(FieldError::toString).collect(Collectors.joining("; ")));
    if (errors.isEmpty()) {
      throw new IllegalArgumentException("expected at least one field error, got none");
    }
    this.errors = List.copyOf(errors);
  }

  /// Of the one error given.
  public static InvalidContent of(String field, String expected, String got) {
    return new InvalidContent(List.of(new FieldError(field, expected, got)));
  }

  /// All errors, in the order of the fields; never empty.
  public List<FieldError> errors() {
    return errors;
  }
}
