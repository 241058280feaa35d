/// A PostgreSQL of the application's own, started where no database is configured, with its data
/// kept between runs. Start from [EmbeddedPostgres][dev.athanor.domain.postgres.EmbeddedPostgres].
@NullMarked
package dev.athanor.domain.postgres;

import org.jspecify.annotations.NullMarked;
