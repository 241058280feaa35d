/// Build steps of athanor-quarkus: channels are found, checked and recorded while the application
/// is built. Start from [ChannelsProcessor][dev.athanor.otp.quarkus.deployment.ChannelsProcessor].
@NullMarked
package dev.athanor.otp.quarkus.deployment;

import org.jspecify.annotations.NullMarked;
