package dev.athanor.cms.desk;

import dev.athanor.domain.http.AssetVersion;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;

/// The version of the desk's script and style, which are asked for with it: browsers keep them, and
/// load those of a new release anew.
@Named("deskAssets")
@Singleton
final class DeskAssets {
  private final String version =
      AssetVersion.of("META-INF/resources/cms/assets/", List.of("desk.css", "desk.js"));

  /// The version of both.
  public String getVersion() {
    return version;
  }
}
