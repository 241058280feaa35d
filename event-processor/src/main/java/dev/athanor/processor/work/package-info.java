/// Work that events leave behind as rows because it may take long or fail for long: written with
/// the event, done by a supervised process for each kind. Start from
/// [WorkKind][dev.athanor.processor.work.WorkKind].
@NullMarked
package dev.athanor.processor.work;

import org.jspecify.annotations.NullMarked;
