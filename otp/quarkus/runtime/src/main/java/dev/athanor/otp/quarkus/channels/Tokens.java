package dev.athanor.otp.quarkus.channels;

import dev.athanor.otp.channels.token.Token;
import io.quarkus.runtime.LaunchMode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/// Makes signers from the application's secret, `athanor.channels.token-secret`: a page carries
/// what `tokens.of("user socket").sign(id)` returns, and [SocketConnect] verifies it.
@Singleton
public class Tokens {
  private final byte @Nullable [] secret;

  @Inject
  Tokens(ChannelsConfig config) {
    secret =
        config
            .tokenSecret()
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .orElseGet(() -> LaunchMode.current() == LaunchMode.NORMAL ? null : random());
  }

  private static byte[] random() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  /// A signer for one purpose; a token of another purpose is worth nothing to it.
  ///
  /// @param purpose for instance `user socket`
  /// @return the signer, to be kept; any thread may use it
  /// @throws IllegalStateException in production without a secret
  public Token of(String purpose) {
    if (secret == null) {
      throw new IllegalStateException(
          "expected athanor.channels.token-secret to be set, got nothing; give all nodes the same"
              + " secret of at least 32 bytes");
    }
    return new Token(secret, purpose);
  }
}
