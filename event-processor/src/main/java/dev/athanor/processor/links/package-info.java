/// The cards of the pages that stories link to: fetched side by side, with bounds, and kept for a
/// while. Start from [LinkFetching][dev.athanor.processor.links.LinkFetching].
@NullMarked
package dev.athanor.processor.links;

import org.jspecify.annotations.NullMarked;
