package dev.athanor.processor.fcm;

import dev.athanor.processor.push.Pem;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;

/// A service account's key as Google hands it out, and what it signs.
///
/// @param project the project's id
/// @param email who it is
/// @param key its private key (RSA)
/// @param tokenUri where its signature is changed for an access token
record ServiceAccount(String project, String email, PrivateKey key, String tokenUri) {
  private static final String SCOPE = "https://www.googleapis.com/auth/firebase.messaging";

  static ServiceAccount read(String property, String setting) {
    try {
      JsonObject json = new JsonObject(Pem.text(property, setting));
      return new ServiceAccount(
          field(json, property, "project_id"),
          field(json, property, "client_email"),
          KeyFactory.getInstance("RSA")
              .generatePrivate(
                  new PKCS8EncodedKeySpec(Pem.bytes(field(json, property, "private_key")))),
          field(json, property, "token_uri"));
    } catch (DecodeException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          property + ": expected the JSON of a service account's key", e);
    }
  }

  /// A JWT that asks for an access token (RFC 7523), good for an hour.
  String assertion(Instant now) {
    JsonObject claims =
        new JsonObject()
            .put("iss", email)
            .put("scope", SCOPE)
            .put("aud", tokenUri)
            .put("iat", now.getEpochSecond())
            .put("exp", now.getEpochSecond() + 3600);
    String signed = base64("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "." + base64(claims.encode());
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed
          + "."
          + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK signs with RSA", e);
    }
  }

  @Override
  public String toString() {
    return "ServiceAccount[" + email + "]";
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String field(JsonObject json, String property, String name) {
    String value = json.getString(name);
    if (value == null) {
      throw new IllegalArgumentException(property + ": expected a field " + name + ", got none");
    }
    return value;
  }
}
