/// The public JSON API: streams, their posts, single posts. Start from
/// [StreamApi][dev.athanor.web.api.StreamApi].
@NullMarked
package dev.athanor.web.api;

import org.jspecify.annotations.NullMarked;
