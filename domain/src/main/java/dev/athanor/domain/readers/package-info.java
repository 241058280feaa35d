/// Readers, who are nobody but a signed token: the streams they follow and the devices that news
/// are pushed to. Start from [Readers][dev.athanor.domain.readers.Readers].
@NullMarked
package dev.athanor.domain.readers;

import org.jspecify.annotations.NullMarked;
