/// Build steps of the embedded PostgreSQL. Start from
/// [EmbeddedPostgresProcessor][dev.athanor.domain.postgres.deployment.EmbeddedPostgresProcessor].
@NullMarked
package dev.athanor.domain.postgres.deployment;

import org.jspecify.annotations.NullMarked;
