/// Matches as processes: each lives through its timeline by the wall clock, and an operator may
/// look at them and kill them. Start from [MatchServer][dev.athanor.processor.match.MatchServer].
@NullMarked
package dev.athanor.processor.match;

import org.jspecify.annotations.NullMarked;
