/// JMH benchmarks of plain processes: what a message, a round trip and a life cost.
/// Start from `SendBenchmark`.
@NullMarked
package dev.athanor.perf.process;

import org.jspecify.annotations.NullMarked;
