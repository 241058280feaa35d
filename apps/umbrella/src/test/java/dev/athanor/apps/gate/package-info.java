/// The quality gate's own tests: they read every member's sources and classes and hold the house
/// rules that no plugin holds. Start with [ArchitectureTest].
@NullMarked
package dev.athanor.apps.gate;

import org.jspecify.annotations.NullMarked;
