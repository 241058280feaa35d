/// What can be said about a story from its own text: its length, the time it takes to read, and
/// where it links to. Start from [Enrichment][dev.athanor.processor.enrichment.Enrichment].
@NullMarked
package dev.athanor.processor.enrichment;

import org.jspecify.annotations.NullMarked;
