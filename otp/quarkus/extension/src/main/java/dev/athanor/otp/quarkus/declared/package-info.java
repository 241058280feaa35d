/// What the build has found and the running application is told, and what is to be done before it
/// stops: the only classes of the extension that the application sees. Start from
/// [DeclaredChannels].
@NullMarked
package dev.athanor.otp.quarkus.declared;

import org.jspecify.annotations.NullMarked;
