/// What has happened, written down in the transaction that made it happen, and carried from there
/// to whoever listens, at least once and in order for each key. Start from
/// [DomainEvent][dev.athanor.domain.outbox.DomainEvent].
@NullMarked
package dev.athanor.domain.outbox;

import org.jspecify.annotations.NullMarked;
