package dev.athanor.domain.readers;

import dev.athanor.domain.people.SigningSecret;
import dev.athanor.otp.channels.token.Token;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// Makes readers and recognizes them. Until there are accounts a reader *is* an id in a signed
/// token: making one stores nothing, and every node with the installation's secret recognizes it.
/// Whoever has the token is the reader; a lost token is a lost reader.
///
/// Any thread may call every method; none blocks. They fail when the secret must be read and the
/// database does not answer.
@ApplicationScoped
public class Readers {
  private static final String PURPOSE = "reader";

  private final SigningSecret secret;
  private final Duration lifetime;

  @Inject
  Readers(
      SigningSecret secret,
      @ConfigProperty(name = "athanor.readers.lifetime", defaultValue = "1825d")
          Duration lifetime) {
    this.secret = secret;
    this.lifetime = lifetime;
  }

  /// A new reader with its token.
  ///
  /// @param id who it is: a UUID that grows with time
  /// @param token what it shows as `Authorization: Bearer`
  public record Made(UUID id, String token) {}

  /// Makes a reader.
  public Uni<Made> create() {
    UUID id = nextId(Instant.now());
    return signer().map(signer -> new Made(id, signer.sign(id.toString())));
  }

  /// The reader that shows this token; null when it was not signed here or is older than
  /// `athanor.readers.lifetime` (five years).
  public Uni<@Nullable UUID> recognize(String token) {
    return signer()
        .map(
            signer ->
                switch (signer.verify(token, lifetime)) {
                  case Token.Verified.Valid(var text, var _) -> UUID.fromString(text);
                  case Token.Verified.Expired _, Token.Verified.Invalid _ -> null;
                });
  }

  private Uni<Token> signer() {
    return secret.bytes().map(bytes -> new Token(bytes, PURPOSE));
  }

  /// A time-ordered UUID (RFC 9562, version 7), so that readers who came together lie side by side.
  private static UUID nextId(Instant now) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high = (now.toEpochMilli() << 16) | 0x7000L | (random.nextLong() & 0x0FFFL);
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
