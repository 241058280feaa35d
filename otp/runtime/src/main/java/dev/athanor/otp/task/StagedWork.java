package dev.athanor.otp.task;

import org.jspecify.annotations.Nullable;

/// Work that needs no thread.
record StagedWork<T extends @Nullable Object>(Work.Stage<T> stage) implements Work<T> {
  @Override
  public T run() {
    throw new UnsupportedOperationException(
        "work made by Work.stage is begun by a task and not run; hand it to Task.async");
  }
}
