/// What travels over a socket: payloads, messages and the serializers V1 and V2 of the Phoenix
/// Channels protocol. Start from [Serializer].
@NullMarked
package dev.athanor.otp.channels.wire;

import org.jspecify.annotations.NullMarked;
