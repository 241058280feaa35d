/// What the build has found and the running application is told: the only classes of the extension
/// that the application sees. Start from [DeclaredChannels].
@NullMarked
package dev.athanor.otp.quarkus.declared;

import org.jspecify.annotations.NullMarked;
