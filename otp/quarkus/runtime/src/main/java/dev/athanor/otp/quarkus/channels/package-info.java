/// Channels as CDI beans: found and checked when the application is built, served below one path,
/// configured by `athanor.channels.*`. Start from
/// [ChannelTopic][dev.athanor.otp.quarkus.channels.ChannelTopic].
@NullMarked
package dev.athanor.otp.quarkus.channels;

import org.jspecify.annotations.NullMarked;
