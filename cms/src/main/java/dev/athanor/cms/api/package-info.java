/// The editorial JSON API for programs: posts, streams, feeds, with HTTP Basic. Start from
/// [ApiRoutes][dev.athanor.cms.api.ApiRoutes].
@NullMarked
package dev.athanor.cms.api;

import org.jspecify.annotations.NullMarked;
