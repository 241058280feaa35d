/// Build steps of the extension. Start with [AthanorProcessor].
@NullMarked
package dev.athanor.otp.quarkus.deployment;

import org.jspecify.annotations.NullMarked;
