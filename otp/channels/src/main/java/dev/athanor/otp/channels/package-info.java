/// Sockets and channels: Phoenix's real-time layer, wire for wire. Declare channels as subclasses
/// of [Channel]; start from [Endpoint].
@NullMarked
package dev.athanor.otp.channels;

import org.jspecify.annotations.NullMarked;
