/// Tests of the tools, against stand-ins for the server.
/// Start from `DeliveryMeterTest`.
@NullMarked
package dev.athanor.perf.load;

import org.jspecify.annotations.NullMarked;
