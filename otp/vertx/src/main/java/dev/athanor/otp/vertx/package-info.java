/// Runs processes on Vert.x: lanes on its event loops, a worker pool and virtual threads.
/// Start with [VertxScheduler].
@NullMarked
package dev.athanor.otp.vertx;

import org.jspecify.annotations.NullMarked;
