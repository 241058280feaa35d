/// JMH benchmarks of tables: lookups, inserts and counters from many threads.
/// Start from `TableBenchmark`.
@NullMarked
package dev.athanor.perf.ets;

import org.jspecify.annotations.NullMarked;
