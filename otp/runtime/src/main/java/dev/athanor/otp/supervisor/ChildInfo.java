package dev.athanor.otp.supervisor;

import dev.athanor.otp.process.Pid;
import org.jspecify.annotations.Nullable;

/// One child as its supervisor sees it.
///
/// @param id its id; a dynamic supervisor's children show the id of their spec
/// @param pid the process; null when it is not running
/// @param type worker or supervisor
/// @param restarting whether a restart failed and is tried again
public record ChildInfo(Object id, @Nullable Pid<?> pid, ChildSpec.Type type, boolean restarting) {}
