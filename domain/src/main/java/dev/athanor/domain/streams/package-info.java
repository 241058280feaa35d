/// Streams, what readers follow: topics, teams, competitions; and the pages of posts they hold.
/// Start from [Streams][dev.athanor.domain.streams.Streams].
@NullMarked
package dev.athanor.domain.streams;

import org.jspecify.annotations.NullMarked;
