package dev.athanor.domain.readers;

import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.InvalidContent;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where pushes go: what a push service knows a device by. Made by [#apns], [#webPush] or [#fcm],
/// which refuse what no such service would hand out with [InvalidContent], all fields at once.
public sealed interface Device {
  /// An iPhone, iPad or Mac app.
  ///
  /// @param token the device token in lower-case hexadecimal
  record Apns(String token) implements Device {}

  /// A browser (RFC 8030) that takes encrypted messages (RFC 8291).
  ///
  /// @param endpoint the push service's https address for this subscription
  /// @param p256dh the browser's public key: an uncompressed point on P-256, 65 bytes in base64url
  /// @param auth the browser's secret, 16 bytes in base64url
  record WebPush(String endpoint, String p256dh, String auth) implements Device {}

  /// An Android app.
  ///
  /// @param token the registration token
  record Fcm(String token) implements Device {}

  /// The most characters of a token or an endpoint.
  int LONGEST = 1024;

  /// The name of its kind in JSON and in the database.
  default DeviceKind kind() {
    return switch (this) {
      case Apns _ -> DeviceKind.APNS;
      case WebPush _ -> DeviceKind.WEBPUSH;
      case Fcm _ -> DeviceKind.FCM;
    };
  }

  /// What the push service knows it by; two devices of a kind never share one.
  default String address() {
    return switch (this) {
      case Apns(var token) -> token;
      case WebPush web -> web.endpoint();
      case Fcm(var token) -> token;
    };
  }

  /// An APNs device: 32 to 100 bytes in hexadecimal.
  static Apns apns(@Nullable String token) {
    if (token == null || !token.matches("(?:[0-9a-fA-F]{2}){32,100}")) {
      throw InvalidContent.of("token", "64 to 200 hexadecimal digits", told(token));
    }
    return new Apns(token.toLowerCase(Locale.ROOT));
  }

  /// An FCM device: 20 to 1,024 letters, digits and `-_:.%`.
  static Fcm fcm(@Nullable String token) {
    if (token == null || !token.matches("[0-9A-Za-z_:.%\\-]{20,1024}")) {
      throw InvalidContent.of(
          "token", "20 to 1024 letters, digits and -_:.% as FCM hands them out", told(token));
    }
    return new Fcm(token);
  }

  /// A Web Push subscription as `PushSubscription.toJSON()` has it; its keys in base64url.
  static WebPush webPush(
      @Nullable String endpoint, @Nullable String p256dh, @Nullable String auth) {
    List<FieldError> errors = new ArrayList<>();
    if (endpoint == null || endpoint.length() > LONGEST || !isHttps(endpoint)) {
      errors.add(
          new FieldError(
              "endpoint",
              "an https address of at most " + LONGEST + " characters",
              told(endpoint)));
    }
    if (!P256Point.isValid(decode(p256dh))) {
      errors.add(
          new FieldError(
              "keys.p256dh", "an uncompressed P-256 point, 65 bytes in base64url", told(p256dh)));
    }
    if (decode(auth).length != 16) {
      errors.add(new FieldError("keys.auth", "16 bytes in base64url", told(auth)));
    }
    if (!errors.isEmpty() || endpoint == null || p256dh == null || auth == null) {
      throw new InvalidContent(errors);
    }
    return new WebPush(endpoint, p256dh, auth);
  }

  private static boolean isHttps(String text) {
    try {
      URI uri = URI.create(text);
      return "https".equals(uri.getScheme())
          && uri.getHost() != null
          && uri.getPort() != 0
          && uri.getPort() <= 65_535
          && uri.getUserInfo() == null
          && uri.getFragment() == null;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static byte[] decode(@Nullable String text) {
    if (text == null) {
      return new byte[0];
    }
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException _) {
      return new byte[0];
    }
  }

  private static String told(@Nullable String value) {
    return value == null ? "nothing" : FieldError.quote(value);
  }
}
