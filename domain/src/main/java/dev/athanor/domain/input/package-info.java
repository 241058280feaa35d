/// What programs send, read strictly and refused field by field. Start from
/// [JsonInput][dev.athanor.domain.input.JsonInput].
@NullMarked
package dev.athanor.domain.input;

import org.jspecify.annotations.NullMarked;
