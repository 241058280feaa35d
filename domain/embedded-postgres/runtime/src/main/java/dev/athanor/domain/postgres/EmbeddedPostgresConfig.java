package dev.athanor.domain.postgres;

import io.quarkus.runtime.configuration.ConfigBuilder;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.spi.ConfigSource;

/// Hands the embedded server's address to the data source while the run-time configuration is put
/// together, before anything connects. Where a database is configured (`athanor.database.url`,
/// `quarkus.datasource.reactive.url` or `quarkus.datasource.jdbc.url`) it starts nothing.
public final class EmbeddedPostgresConfig implements ConfigBuilder {
  private static final List<String> CONFIGURED =
      List.of(
          "athanor.database.url", "quarkus.datasource.reactive.url", "quarkus.datasource.jdbc.url");

  /// Called by Quarkus.
  public EmbeddedPostgresConfig() {}

  @Override
  public SmallRyeConfigBuilder configBuilder(SmallRyeConfigBuilder builder) {
    return builder.withSources(new Factory());
  }

  /// Looks at what is configured, then starts or reuses the server of this JVM.
  private static final class Factory implements ConfigSourceFactory {
    /// Below every place where people configure, so that theirs wins; above library defaults.
    private static final int ORDINAL = 150;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
      if (CONFIGURED.stream().anyMatch(name -> isSet(context, name))) {
        return List.of();
      }
      ConfigValue home = context.getValue("athanor.home");
      boolean hasHome = home != null && home.getValue() != null && !home.getValue().isBlank();
      RunningPostgres.Address running =
          RunningPostgres.startOrReuse(Path.of(hasHome ? home.getValue() : ".athanor"));
      String address = "//127.0.0.1:" + running.port() + "/" + EmbeddedPostgres.NAME;
      return List.of(
          new PropertiesConfigSource(
              Map.of(
                  "athanor.database.embedded",
                  "true",
                  "quarkus.datasource.jdbc.url",
                  "jdbc:postgresql:" + address,
                  "quarkus.datasource.reactive.url",
                  "postgresql:" + address,
                  "quarkus.datasource.username",
                  EmbeddedPostgres.NAME,
                  "quarkus.datasource.password",
                  running.password()),
              "embedded PostgreSQL",
              ORDINAL));
    }

    @Override
    public OptionalInt getPriority() {
      return OptionalInt.of(ORDINAL);
    }

    private static boolean isSet(ConfigSourceContext context, String name) {
      ConfigValue value = context.getValue(name);
      return value != null && value.getValue() != null && !value.getValue().isBlank();
    }
  }
}
