/// The same small workloads on Athanor and on Apache Pekko, for the table that `perf/otp.sh` makes
/// beside those of `rivals.erl` on the BEAM. Start from [dev.athanor.perf.rivals.Athanor].
@NullMarked
package dev.athanor.perf.rivals;

import org.jspecify.annotations.NullMarked;
