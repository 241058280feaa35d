package dev.athanor.otp.quarkus.declared;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Which channel takes which topics, as the build found it: the pattern of each `@ChannelTopic` and
/// the name of its class, whole topics first, then longer patterns before shorter ones. A bean of
/// the application; immutable.
public final class DeclaredChannels {
  private final Map<String, String> classes;

  /// Keeps a copy.
  ///
  /// @param classes patterns to names of classes, in the order of precedence
  public DeclaredChannels(Map<String, String> classes) {
    this.classes = new LinkedHashMap<>(classes);
  }

  /// The patterns and the names of the classes, the first that fits wins.
  ///
  /// @return an unmodifiable map in the order of precedence
  public Map<String, String> classes() {
    return Collections.unmodifiableMap(classes);
  }
}
