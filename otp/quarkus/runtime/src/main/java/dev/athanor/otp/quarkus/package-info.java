/// The process runtime in Quarkus: one [dev.athanor.otp.process.Node] per application
/// as a bean, one supervision tree started and stopped in order with Quarkus, its health and its
/// metrics. Start with [Supervised].
@NullMarked
package dev.athanor.otp.quarkus;

import org.jspecify.annotations.NullMarked;
