/// What is wrong with an editor's input, field by field, and the form that text is stored in. Start
/// from [InvalidContent][dev.athanor.domain.validation.InvalidContent].
@NullMarked
package dev.athanor.domain.validation;

import org.jspecify.annotations.NullMarked;
