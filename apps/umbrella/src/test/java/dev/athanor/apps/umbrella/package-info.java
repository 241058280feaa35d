/// The umbrella as its users meet it: started, clicked, killed and started again. Start with
/// [PackagedUmbrella].
@NullMarked
package dev.athanor.apps.umbrella;

import org.jspecify.annotations.NullMarked;
