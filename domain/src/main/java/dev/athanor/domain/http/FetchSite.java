package dev.athanor.domain.http;

import io.vertx.core.http.HttpServerRequest;

/// Where a browser says that a request comes from (the header Sec-Fetch-Site, which pages cannot
/// set). Other clients say nothing.
public final class FetchSite {
  private FetchSite() {}

  /// Whether a page of another site makes a browser send this.
  public static boolean isForeign(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    return site != null && !site.equals("same-origin") && !site.equals("none");
  }
}
