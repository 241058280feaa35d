package dev.athanor.domain.http;

import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.validation.FieldError;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/// How bodies come in: as they are. A small body that is compressed may be a huge one.
public final class BodyCoding {
  private BodyCoding() {}

  /// Refuses a body that is compressed or otherwise coded with 415.
  public static void check(HttpServerRequest request) {
    String coding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (coding != null && !coding.isBlank() && !coding.strip().equalsIgnoreCase("identity")) {
      throw new Refused(
          Problem.of(
              415,
              "unsupported-content-coding",
              "The body is coded",
              "Expected a body without Content-Encoding, got one with "
                  + FieldError.quote(coding)
                  + ". Nothing was stored."));
    }
  }
}
