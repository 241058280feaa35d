/// Posts: what they are, the pipeline of each type that checks them, and how they are published.
/// Start from [Posts][dev.athanor.domain.content.Posts].
@NullMarked
package dev.athanor.domain.content;

import org.jspecify.annotations.NullMarked;
