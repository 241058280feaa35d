/// Mail that the platform owes somebody, written down with what it is owed for. Start from
/// [Welcomes][dev.athanor.domain.mail.Welcomes].
@NullMarked
package dev.athanor.domain.mail;

import org.jspecify.annotations.NullMarked;
