package dev.athanor.domain.store;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/// One setting for the database instead of two: `athanor.database.url` (`ATHANOR_DATABASE_URL`),
/// for instance `postgresql://host:5432/athanor`, with the user and password in it or in
/// `athanor.database.username` and `athanor.database.password`, becomes the addresses of both the
/// reactive client and the migrations. Found by SmallRye Config through the service loader.
public final class DatabaseUrl implements ConfigSourceFactory {
  private static final int ORDINAL = 160;
  private static final String NAME = "athanor.database.url";

  /// Called by the service loader.
  public DatabaseUrl() {}

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    String url = value(context, NAME);
    if (url == null) {
      return List.of();
    }
    Map<String, String> settings =
        settings(
            url,
            value(context, "athanor.database.username"),
            value(context, "athanor.database.password"));
    return List.of(new PropertiesConfigSource(settings, NAME, ORDINAL));
  }

  @Override
  public OptionalInt getPriority() {
    return OptionalInt.of(ORDINAL);
  }

  static Map<String, String> settings(
      String url, @Nullable String user, @Nullable String password) {
    String plain = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
    URI uri;
    try {
      uri = URI.create(plain.replaceFirst("^postgres:", "postgresql:"));
    } catch (IllegalArgumentException e) {
      throw notAnAddress(e);
    }
    if (!"postgresql".equals(uri.getScheme()) || uri.getHost() == null) {
      throw notAnAddress(null);
    }
    String rest = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String address = "postgresql://" + uri.getHost() + port + uri.getRawPath() + rest;
    Map<String, String> settings = new HashMap<>();
    settings.put("quarkus.datasource.jdbc.url", "jdbc:" + address);
    settings.put("quarkus.datasource.reactive.url", address);
    String[] inUrl =
        uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
    String name = user != null ? user : inUrl.length > 0 ? decode(inUrl[0]) : null;
    String secret = password != null ? password : inUrl.length > 1 ? decode(inUrl[1]) : null;
    if (name != null) {
      settings.put("quarkus.datasource.username", name);
    }
    if (secret != null) {
      settings.put("quarkus.datasource.password", secret);
    }
    return settings;
  }

  private static IllegalArgumentException notAnAddress(@Nullable Exception cause) {
    // The value may hold a password: it is not repeated.
    return new IllegalArgumentException(
        NAME + ": expected postgresql://[user[:password]@]host[:port]/database", cause);
  }

  private static String decode(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static @Nullable String value(ConfigSourceContext context, String name) {
    ConfigValue value = context.getValue(name);
    return value == null || value.getValue() == null || value.getValue().isBlank()
        ? null
        : value.getValue();
  }
}
