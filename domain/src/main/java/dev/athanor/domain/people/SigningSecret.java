package dev.athanor.domain.people;

import dev.athanor.domain.store.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// The secret that everything signed for readers is derived from, the same in every node of the
/// installation: `athanor.secret` (at least 32 characters), else one that the first node made up
/// and stored in table `secret`. Each use signs under a purpose of its own
/// ([dev.athanor.otp.channels.token.Token]), so that what is signed for one is worth nothing for
/// another.
@Singleton
public class SigningSecret {
  private static final int SHORTEST = 32;

  private static final String MAKE =
      "INSERT INTO secret (name, value) VALUES ('signing', $1) ON CONFLICT (name) DO NOTHING";
  private static final String READ = "SELECT value FROM secret WHERE name = 'signing'";

  private final Database database;

  /// Once known, for good. Several may ask the database at first; they hear the same.
  private volatile byte @Nullable [] known;

  @Inject
  SigningSecret(Database database, @ConfigProperty(name = "athanor.secret") Optional<String> text) {
    this.database = database;
    if (text.isPresent()) {
      byte[] configured = text.get().getBytes(StandardCharsets.UTF_8);
      if (configured.length < SHORTEST) {
        throw new IllegalArgumentException(
            "athanor.secret: expected at least " + SHORTEST + " bytes, got " + configured.length);
      }
      this.known = configured;
    }
  }

  /// The secret; never changes once it is there. Fails while the database does. Any thread.
  public Uni<byte[]> bytes() {
    byte[] secret = known;
    return secret != null
        ? Uni.createFrom().item(secret)
        : Uni.createFrom().deferred(() -> stored()).invoke(read -> known = read);
  }

  private Uni<byte[]> stored() {
    byte[] random = new byte[SHORTEST];
    new SecureRandom().nextBytes(random);
    return database
        .query(MAKE, Tuple.of(Buffer.buffer(random)))
        .chain(() -> database.query(READ, Tuple.tuple()))
        .map(rows -> rows.iterator().next().getBuffer(0).getBytes());
  }
}
