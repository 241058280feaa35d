package dev.athanor.otp.ets;

import dev.athanor.otp.process.Pid;
import org.jspecify.annotations.Nullable;

/// A look at a table from outside (ets:info); anybody may have it, whatever the access.
///
/// @param name the table's name
/// @param named whether others find it under that name
/// @param type the type
/// @param access the access
/// @param owner the process it goes with
/// @param heir who inherits it, if anybody
/// @param size how many objects it holds
/// @param memoryBytes an estimate of what the table itself takes, without its keys and values
public record TableInfo(
    String name,
    boolean named,
    TableType type,
    Access access,
    Pid<?> owner,
    @Nullable Pid<?> heir,
    long size,
    long memoryBytes) {}
