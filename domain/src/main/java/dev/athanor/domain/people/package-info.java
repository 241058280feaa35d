/// Who may do what; for now the one editor. Start from
/// [Editors][dev.athanor.domain.people.Editors].
@NullMarked
package dev.athanor.domain.people;

import org.jspecify.annotations.NullMarked;
