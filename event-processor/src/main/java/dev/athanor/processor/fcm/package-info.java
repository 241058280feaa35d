/// Google's push service, FCM HTTP v1. Start from
/// [FcmGateway][dev.athanor.processor.fcm.FcmGateway].
@NullMarked
package dev.athanor.processor.fcm;

import org.jspecify.annotations.NullMarked;
