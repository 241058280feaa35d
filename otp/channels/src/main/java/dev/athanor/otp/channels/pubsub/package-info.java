/// Topics with subscribers: whoever broadcasts to a topic reaches every process and every socket
/// that subscribed to it. Start from [PubSub].
@NullMarked
package dev.athanor.otp.channels.pubsub;

import org.jspecify.annotations.NullMarked;
