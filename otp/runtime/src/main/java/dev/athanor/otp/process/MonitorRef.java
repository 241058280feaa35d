package dev.athanor.otp.process;

/// One monitor: who watches whom. Two monitors on the same process are two refs.
public final class MonitorRef {
  private final Cell<?> watcher;
  private final Cell<?> target;

  /// Set by the watcher when it flushes; read by the watcher only.
  private boolean flushed;

  MonitorRef(Cell<?> watcher, Cell<?> target) {
    this.watcher = watcher;
    this.target = target;
  }

  /// The process that is watched.
  ///
  /// @return its pid
  public Pid<?> pid() {
    return target;
  }

  Cell<?> watcher() {
    return watcher;
  }

  Cell<?> target() {
    return target;
  }

  boolean isFlushed() {
    return flushed;
  }

  void flush() {
    flushed = true;
  }

  @Override
  public int hashCode() {
    return watcher.hashCode() * 31 + target.hashCode();
  }

  @Override
  public String toString() {
    return "#Monitor<" + watcher + " on " + target + ">";
  }
}
