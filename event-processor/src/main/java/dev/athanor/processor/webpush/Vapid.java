package dev.athanor.processor.webpush;

import com.zerodeplibs.webpush.VAPIDKeyPair;
import com.zerodeplibs.webpush.jwt.VAPIDJWTParam;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// The `Authorization` of an application server (RFC 8292): signed once for each push service and
/// used for hours. Not for several threads.
final class Vapid {
  private static final Duration VALID = Duration.ofHours(12);
  private static final int MOST = 100;

  private final VAPIDKeyPair keys;
  private final String subject;

  /// By origin, the ones used longest ago first.
  private final Map<String, Signed> signed = new LinkedHashMap<>(16, 0.75f, true);

  Vapid(VAPIDKeyPair keys, String subject) {
    this.keys = keys;
    this.subject = subject;
  }

  private record Signed(String header, Instant until) {}

  String authorization(URI endpoint, Instant now) {
    String origin = endpoint.getScheme() + "://" + endpoint.getAuthority();
    Signed known = signed.get(origin);
    if (known == null || !now.isBefore(known.until())) {
      known = new Signed(sign(origin, now.plus(VALID)), now.plus(VALID.dividedBy(2)));
      signed.put(origin, known);
      if (signed.size() > MOST) {
        signed.remove(signed.keySet().iterator().next());
      }
    }
    return known.header();
  }

  private String sign(String origin, Instant until) {
    return keys.generateAuthorizationHeaderValue(
        VAPIDJWTParam.getBuilder()
            .resourceURLString(origin)
            .expirationTime(until)
            .subject(subject)
            .build());
  }
}
