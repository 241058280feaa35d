/// The push services of browsers (RFC 8030), with encrypted messages (RFC 8291) and VAPID (RFC
/// 8292). Start from [WebPushGateway][dev.athanor.processor.webpush.WebPushGateway].
@NullMarked
package dev.athanor.processor.webpush;

import org.jspecify.annotations.NullMarked;
