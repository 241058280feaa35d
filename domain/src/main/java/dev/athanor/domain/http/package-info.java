/// What the HTTP faces of the platform share: reading queries, codings of bodies, what failures are
/// to senders, answers of the management interface, versions of files that browsers keep. Start
/// from [QueryParameters][dev.athanor.domain.http.QueryParameters].
@NullMarked
package dev.athanor.domain.http;

import org.jspecify.annotations.NullMarked;
