/// One piece of work in a process of its own, whose outcome others wait for: tasks, tasks under a
/// supervisor, and collections worked through by many tasks at a time. Start from
/// [dev.athanor.otp.task.Task] and [dev.athanor.otp.task.Work].
@NullMarked
package dev.athanor.otp.task;

import org.jspecify.annotations.NullMarked;
