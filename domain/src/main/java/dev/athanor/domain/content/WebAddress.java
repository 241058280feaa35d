package dev.athanor.domain.content;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// An http(s) address in canonical form: scheme and host in lower-case ASCII, no default port, a
/// path, everything percent-encoded that must be; no user names in it.
///
/// @param text the address
/// @param host its host, without `www.`
/// @param path its path
record WebAddress(String text, String host, String path) {
  private static final int LONGEST = 2_000;
  private static final Set<String> VIDEO_PLAYERS =
      Set.of(
          "youtube.com",
          "youtu.be",
          "youtube-nocookie.com",
          "vimeo.com",
          "dailymotion.com",
          "dai.ly",
          "twitch.tv",
          "streamable.com",
          "ardmediathek.de",
          "zdf.de");
  private static final Set<String> AUDIO_PLAYERS =
      Set.of(
          "soundcloud.com",
          "spotify.com",
          "podcasts.apple.com",
          "mixcloud.com",
          "deezer.com",
          "audioboom.com");
  private static final List<String> VIDEO_FILES = List.of(".mp4", ".webm", ".m3u8");
  private static final List<String> AUDIO_FILES = List.of(".mp3", ".ogg", ".m4a", ".wav");

  static Optional<WebAddress> parse(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(text.strip().replace(" ", "%20"));
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if (!(scheme.equals("http") || scheme.equals("https"))) {
        return Optional.empty();
      }
      String authority = uri.getRawAuthority();
      if (authority == null || authority.contains("@")) {
        return Optional.empty();
      }
      int colon = authority.lastIndexOf(':');
      boolean hasPort = colon >= 0 && !authority.endsWith("]");
      String host =
          IDN.toASCII(hasPort ? authority.substring(0, colon) : authority, IDN.USE_STD3_ASCII_RULES)
              .toLowerCase(Locale.ROOT);
      int port = hasPort ? port(authority.substring(colon + 1)) : -1;
      if (host.isEmpty() || host.startsWith(".") || host.contains("..") || port == 0) {
        return Optional.empty();
      }
      boolean standard = port < 0 || port == (scheme.equals("http") ? 80 : 443);
      String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      String canonical =
          scheme
              + "://"
              + host
              + (standard ? "" : ":" + port)
              + path
              + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery())
              + (uri.getRawFragment() == null ? "" : "#" + uri.getRawFragment());
      String ascii = new URI(canonical).toASCIIString();
      String bare = host.startsWith("www.") ? host.substring(4) : host;
      return Optional.of(new WebAddress(ascii, bare, path.toLowerCase(Locale.ROOT)));
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  boolean isVideo() {
    return VIDEO_FILES.stream().anyMatch(path::endsWith) || isOf(VIDEO_PLAYERS);
  }

  boolean isAudio() {
    return AUDIO_FILES.stream().anyMatch(path::endsWith) || isOf(AUDIO_PLAYERS);
  }

  private boolean isOf(Set<String> players) {
    // A player's front page plays nothing.
    return path.length() > 1
        && players.stream().anyMatch(player -> host.equals(player) || host.endsWith("." + player));
  }

  /// The port; 0 for one that cannot be.
  private static int port(String text) {
    if (text.isEmpty()) {
      return -1;
    }
    if (text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return 0;
    }
    int port = Integer.parseInt(text);
    return port <= 65_535 ? port : 0;
  }
}
