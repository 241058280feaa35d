/// Transactions: how the domain writes, and where the database's address comes from. Start from
/// [Store][dev.athanor.domain.store.Store].
@NullMarked
package dev.athanor.domain.store;

import org.jspecify.annotations.NullMarked;
