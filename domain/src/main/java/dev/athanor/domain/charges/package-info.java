/// Operations that happen once however often they are asked for, and charging as the example of
/// one. Start from [IdempotencyKeys][dev.athanor.domain.charges.IdempotencyKeys].
@NullMarked
package dev.athanor.domain.charges;

import org.jspecify.annotations.NullMarked;
