/// JMH benchmarks of the registry: finding, taking and leaving keys.
/// Start from `RegistryBenchmark`.
@NullMarked
package dev.athanor.perf.registry;

import org.jspecify.annotations.NullMarked;
