/// What tests of several modules need around the domain: real servers of their own. Start from
/// [RabbitNode][dev.athanor.domain.testing.RabbitNode].
@NullMarked
package dev.athanor.domain.testing;

import org.jspecify.annotations.NullMarked;
