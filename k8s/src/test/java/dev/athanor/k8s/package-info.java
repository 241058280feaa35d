/// Reads the manifests and image recipes of this folder as strictly as a cluster would.
/// Start from `ManifestsTest`; `Manifests` loads the files.
@NullMarked
package dev.athanor.k8s;

import org.jspecify.annotations.NullMarked;
