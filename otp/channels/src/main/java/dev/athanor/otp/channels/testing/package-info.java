/// Tests of channels without a network (`Phoenix.ChannelTest`): sockets that connect within the
/// process, in virtual or real time, and say what came instead when an expectation fails. Start
/// from [TestSocket].
@NullMarked
package dev.athanor.otp.channels.testing;

import org.jspecify.annotations.NullMarked;
