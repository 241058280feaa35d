/// What a caller is told when something is refused: problem details as RFC 9457 has them, made from
/// the domain's own failures, so that every face of the platform refuses in the same words. Start
/// from [Problem][dev.athanor.domain.problem.Problem].
@NullMarked
package dev.athanor.domain.problem;

import org.jspecify.annotations.NullMarked;
