/// How events become effects: each consumer takes every event at least once and makes its effect
/// happen exactly once. Start from [EventIntake][dev.athanor.processor.events.EventIntake].
@NullMarked
package dev.athanor.processor.events;

import org.jspecify.annotations.NullMarked;
