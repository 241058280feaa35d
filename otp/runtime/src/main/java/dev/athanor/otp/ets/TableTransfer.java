package dev.athanor.otp.ets;

import dev.athanor.otp.process.Pid;

/// The news that a table has a new owner (the `'ETS-TRANSFER'` message). The new owner receives
/// what its function makes of this, in its own protocol; heir data or gift data is what that
/// function carries along.
///
/// @param table the table, now owned by the receiver
/// @param from who owned it before: the process that gave it away, or the one that exited
public record TableTransfer<K, V>(Table<K, V> table, Pid<?> from) {}
