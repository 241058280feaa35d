package dev.athanor.cms.feeds;

import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.InvalidContent;
import java.util.ArrayList;
import java.util.List;

/// What is wrong with a file so far: the first twenty, and how many more.
final class Errors {
  private static final int MOST = 20;

  private final List<FieldError> errors = new ArrayList<>();
  private int more;

  void add(String field, String expected, String got) {
    if (errors.size() < MOST) {
      errors.add(new FieldError(field, expected, got));
    } else {
      more++;
    }
  }

  void addIfNone(String field, String expected, String got) {
    if (errors.isEmpty()) {
      add(field, expected, got);
    }
  }

  void check() {
    if (errors.isEmpty()) {
      return;
    }
    if (more > 0) {
      errors.add(new FieldError("file", "no errors", MOST + " shown and " + more + " more"));
    }
    throw new InvalidContent(errors);
  }
}
