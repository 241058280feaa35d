/// Processes found by keys (Elixir's Registry): one process a key, or many, each with a value, and
/// no entry outlives its process. Start from [dev.athanor.otp.registry.Registry].
@NullMarked
package dev.athanor.otp.registry;

import org.jspecify.annotations.NullMarked;
