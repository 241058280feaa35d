/// Push services behind one interface: connections that take a story for a device and tell what
/// became of it. Start from [PushGateway][dev.athanor.processor.push.PushGateway].
@NullMarked
package dev.athanor.processor.push;

import org.jspecify.annotations.NullMarked;
