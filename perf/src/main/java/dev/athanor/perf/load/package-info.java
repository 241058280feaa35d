/// Tools that load and time a running Athanor from outside, over HTTP, WebSocket and JDBC.
/// Start from `DeliveryMeter`; the scripts in perf/ run each of them with one line.
@NullMarked
package dev.athanor.perf.load;

import org.jspecify.annotations.NullMarked;
