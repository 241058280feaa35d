/// What the editors' side does with the platform's events, which is next to nothing. Start from
/// [PassingEvents][dev.athanor.cms.events.PassingEvents].
@NullMarked
package dev.athanor.cms.events;

import org.jspecify.annotations.NullMarked;
