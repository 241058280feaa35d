package dev.athanor.web.pages;

import dev.athanor.domain.http.AssetVersion;
import dev.athanor.web.Answers;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/// Scripts and styles under an address that changes with them, `/assets/{version}/live.js`, so that
/// browsers keep them and yet never run yesterday's script on today's page. The version is a folder
/// since scripts load each other by their names alone.
///
/// While releases overlap a page of the one may ask a node of the other: it is sent to that node's
/// own files, which fit together.
@ApplicationScoped
class Assets {
  /// All scripts and styles.
  static final List<String> FILES =
      List.of("card.js", "chat.js", "game.js", "live.js", "reader.js", "socket.js", "web.css");

  private static final String FOLDER = "/assets/";

  private final String version = AssetVersion.of("META-INF/resources/assets/", FILES);

  void routes(@Observes Router router) {
    router
        .routeWithRegex(FOLDER + "[0-9a-f]{" + AssetVersion.LENGTH + "}/.+")
        .handler(this::unversioned);
  }

  /// The version of all of them.
  String version() {
    return version;
  }

  private void unversioned(RoutingContext context) {
    String path = Answers.path(context);
    String file = path.substring(FOLDER.length() + AssetVersion.LENGTH + 1);
    if (path.startsWith(version, FOLDER.length())) {
      context.reroute(FOLDER + file);
    } else {
      context
          .response()
          .setStatusCode(302)
          .putHeader(HttpHeaders.LOCATION, FOLDER + version + "/" + file)
          .end();
    }
  }
}
