/// How much has been published where: a row of counters for each stream. Start from
/// [StreamCounts][dev.athanor.processor.stats.StreamCounts].
@NullMarked
package dev.athanor.processor.stats;

import org.jspecify.annotations.NullMarked;
