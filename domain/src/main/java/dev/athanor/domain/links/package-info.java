/// What the pages that stories link to say of themselves. Start from
/// [LinkCards][dev.athanor.domain.links.LinkCards].
@NullMarked
package dev.athanor.domain.links;

import org.jspecify.annotations.NullMarked;
