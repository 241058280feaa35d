/// Who may come in: signed sessions of browsers, Basic credentials of programs, and the process
/// that slows down whoever guesses passwords. Start from [Access][dev.athanor.cms.access.Access].
@NullMarked
package dev.athanor.cms.access;

import org.jspecify.annotations.NullMarked;
