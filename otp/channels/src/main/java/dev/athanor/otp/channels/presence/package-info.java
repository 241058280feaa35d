/// Who is there: processes tracked under topics and keys, known on every node, told to clients as
/// `presence_state` and `presence_diff`. Start from [Presence].
@NullMarked
package dev.athanor.otp.channels.presence;

import org.jspecify.annotations.NullMarked;
