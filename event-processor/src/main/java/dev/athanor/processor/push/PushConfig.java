package dev.athanor.processor.push;

import io.quarkus.runtime.annotations.ConfigDocIgnore;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// Settings of pushing, below athanor.push. A service without its key is not configured.
@ConfigMapping(prefix = "athanor.push")
public interface PushConfig {
  /// Whether this node delivers campaigns.
  @WithDefault("true")
  boolean enabled();

  /// How many connections to each push service this node opens at most; it opens them as the
  /// backlog grows and closes them when there is nothing to do.
  @WithDefault("4")
  int connections();

  /// How many pushes a connection has under way at most.
  @WithDefault("1000")
  int window();

  /// How long a batch is its worker's without a word of it. The devices that a node had under way
  /// when it died wait so long for another.
  @WithDefault("PT30S")
  Duration lease();

  /// How long a push service keeps a story for a device that is not reachable, and how long after
  /// its campaign began a push service that is away is waited for.
  @WithDefault("PT4H")
  Duration timeToLive();

  /// Apple's push service.
  Apns apns();

  /// The push services of browsers.
  Webpush webpush();

  /// Google's push service.
  Fcm fcm();

  /// Apple's push service, with token-based authentication.
  interface Apns {
    /// The signing key from Apple: a .p8 file's path or its text.
    Optional<String> key();

    /// The key's id, ten characters.
    Optional<String> keyId();

    /// The team's id, ten characters.
    Optional<String> teamId();

    /// The app's bundle id.
    Optional<String> topic();

    /// Host and port.
    @WithDefault("api.push.apple.com:443")
    String endpoint();

    /// The path of a PEM file with the certificate to trust instead of the JDK's: for a stand-in.
    Optional<String> trustedCertificate();
  }

  /// The push services of browsers, with VAPID (RFC 8292).
  interface Webpush {
    /// The private key in PKCS 8, PEM: a path or the text.
    Optional<String> privateKey();

    /// The public key, an uncompressed point in base64url: what pages subscribe with.
    Optional<String> publicKey();

    /// How the push services reach who runs this: a mailto: or https: address.
    Optional<String> subject();

    /// Whether endpoints may be plain http: for a stand-in.
    @WithDefault("false")
    @ConfigDocIgnore
    boolean plain();
  }

  /// Google's push service (FCM HTTP v1).
  interface Fcm {
    /// The service account's key from Google: a JSON file's path or its text.
    Optional<String> serviceAccount();

    /// Where messages go.
    @WithDefault("https://fcm.googleapis.com")
    String endpoint();
  }
}
