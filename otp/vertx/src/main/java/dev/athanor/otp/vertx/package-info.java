/// Runs processes on Vert.x: event loops, virtual threads and a worker pool, and bridges calls to
/// Mutiny. Start from [dev.athanor.otp.vertx.VertxScheduler].
@NullMarked
package dev.athanor.otp.vertx;

import org.jspecify.annotations.NullMarked;
