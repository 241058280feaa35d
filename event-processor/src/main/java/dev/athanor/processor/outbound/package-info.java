/// The way out to addresses that others name: links in stories, endpoints of browsers. Start from
/// [Outbound][dev.athanor.processor.outbound.Outbound].
@NullMarked
package dev.athanor.processor.outbound;

import org.jspecify.annotations.NullMarked;
