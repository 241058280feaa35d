/// Apple's push service, through Pushy. Start from
/// [ApnsGateway][dev.athanor.processor.apns.ApnsGateway].
@NullMarked
package dev.athanor.processor.apns;

import org.jspecify.annotations.NullMarked;
