/// The consumer whose effects the chaos run counts; the run itself is among the tests. Start from
/// [ChaosLedger][dev.athanor.apps.chaos.ChaosLedger].
@NullMarked
package dev.athanor.apps.chaos;

import org.jspecify.annotations.NullMarked;
