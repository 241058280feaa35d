package dev.athanor.processor.outbound;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Decides where requests to addresses of others may go. A name is resolved once, here, and the
/// request goes to the very address that was looked at: a name that resolves differently the next
/// time changes nothing. Addresses of this machine and its network are refused, unless
/// `athanor.outbound.allowed-addresses` lists them. Any thread.
@Singleton
public class Outbound {
  private final VertxInternal vertx;
  private final Set<InetAddress> allowed;

  /// With the addresses that are allowed although they are not public.
  @Inject
  public Outbound(
      Vertx vertx,
      @ConfigProperty(name = "athanor.outbound.allowed-addresses") Optional<List<String>> allowed) {
    this.vertx = (VertxInternal) vertx;
    this.allowed =
        allowed.orElse(List.of()).stream()
            .map(PublicAddress::parse)
            .collect(Collectors.toUnmodifiableSet());
  }

  /// A request that may not go out.
  public static final class Forbidden extends RuntimeException {
    Forbidden(String message) {
      super(message, null, false, false);
    }
  }

  /// Where a request to this address is to be sent. Fails with [Forbidden] when it is not http(s),
  /// names no host, or the host is not on the public internet, and as the resolver does.
  public Uni<SocketAddress> server(URI address) {
    String host = address.getHost();
    boolean secure = "https".equalsIgnoreCase(address.getScheme());
    if (host == null || (!secure && !"http".equalsIgnoreCase(address.getScheme()))) {
      return Uni.createFrom()
          .failure(new Forbidden("expected an http or https address with a host, got " + address));
    }
    int port = address.getPort() >= 0 ? address.getPort() : secure ? 443 : 80;
    return resolve(host)
        .map(
            found -> {
              if (!PublicAddress.isPublic(found) && !allowed.contains(found)) {
                throw new Forbidden(
                    "expected a host of the public internet, got "
                        + host
                        + " at "
                        + found.getHostAddress());
              }
              return SocketAddress.inetSocketAddress(new InetSocketAddress(found, port));
            });
  }

  private Uni<InetAddress> resolve(String host) {
    return Uni.createFrom()
        .completionStage(
            () -> {
              String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
              Promise<InetAddress> found = Promise.promise();
              vertx.resolveAddress(bare, found);
              return found.future().toCompletionStage();
            });
  }
}
