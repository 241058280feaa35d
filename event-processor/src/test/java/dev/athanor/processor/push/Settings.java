package dev.athanor.processor.push;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;

/// Settings of gateways, and keys for them, made for a test.
public final class Settings {
  private Settings() {}

  public static PushConfig of(Map<String, String> values) {
    return new SmallRyeConfigBuilder()
        .withMapping(PushConfig.class)
        .withDefaultValues(values)
        .build()
        .getConfigMapping(PushConfig.class);
  }

  public static KeyPair ellipticKeys() {
    return keys("EC");
  }

  public static KeyPair rsaKeys() {
    return keys("RSA");
  }

  public static String pem(PrivateKey key) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(key.getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  private static KeyPair keys(String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      } else {
        generator.initialize(2048);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
