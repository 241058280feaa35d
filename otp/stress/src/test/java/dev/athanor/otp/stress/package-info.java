/// Races between two threads over one mailbox, registry or table, each tried very many times by
/// JCStress, which counts what they saw; anything not allowed fails the build. Start from
/// [dev.athanor.otp.stress.StressTest].
@NullMarked
package dev.athanor.otp.stress;

import org.jspecify.annotations.NullMarked;
