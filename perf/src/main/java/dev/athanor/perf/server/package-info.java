/// JMH benchmarks of GenServer: what a call and its reply cost.
/// Start from `CallBenchmark`.
@NullMarked
package dev.athanor.perf.server;

import org.jspecify.annotations.NullMarked;
