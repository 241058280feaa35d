package dev.athanor.processor.enrichment;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// One address a story links to, as it is written in the text, with the host it leads to.
///
/// The host is lower-case ASCII (an internationalised name in its `xn--` form) without port or
/// user, so that links to one site group together however they were typed. Nothing is resolved or
/// fetched here: a host may be private, wrong or gone.
///
/// @param url an http or https URL, at most [#MAX_LENGTH] characters
/// @param host the host of that URL, never blank
public record Link(String url, String host) {

  /// Longer addresses are not links that a reader could follow: 2,000 characters.
  public static final int MAX_LENGTH = 2_000;

  /// Rejects a link without address or host.
  public Link {
    Objects.requireNonNull(url, "url");
    if (host.isBlank()) {
      throw new IllegalArgumentException("A link needs a host, got none in: " + url);
    }
  }

  static Optional<Link> parse(String url) {
    if (url.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      return hostOf(new URI(url).getRawAuthority()).map(host -> new Link(url, host));
    } catch (URISyntaxException | IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  private static Optional<String> hostOf(String authority) {
    if (authority == null) {
      return Optional.empty();
    }
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    int port = host.startsWith("[") ? host.indexOf("]:") + 1 : host.indexOf(':');
    String bare = port > 0 ? host.substring(0, port) : host;
    String ascii = bare.startsWith("[") ? bare : IDN.toASCII(bare);
    return ascii.isBlank() ? Optional.empty() : Optional.of(ascii.toLowerCase(Locale.ROOT));
  }
}
