/// Named events that others attach handlers to, so that a library reports without logging.
/// Start from [Telemetry].
@NullMarked
package dev.athanor.otp.telemetry;

import org.jspecify.annotations.NullMarked;
