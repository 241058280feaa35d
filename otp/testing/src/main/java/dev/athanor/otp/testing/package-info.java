/// Runs whole systems of processes on one thread, in virtual time, with the interleaving chosen by
/// a seed. Start from [dev.athanor.otp.testing.DeterministicScheduler].
@NullMarked
package dev.athanor.otp.testing;

import org.jspecify.annotations.NullMarked;
