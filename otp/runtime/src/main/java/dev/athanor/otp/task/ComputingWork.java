package dev.athanor.otp.task;

import org.jspecify.annotations.Nullable;

/// Work for the pool of workers.
record ComputingWork<T extends @Nullable Object>(Work<T> work) implements Work<T> {
  @Override
  public T run() throws Exception {
    return work.run();
  }
}
