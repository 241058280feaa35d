package dev.athanor.otp.quarkus.deployment;

import io.quarkus.builder.item.MultiBuildItem;

/// A class with `@ChannelTopic` that is in order. Other extensions may read these.
public final class DeclaredChannelBuildItem extends MultiBuildItem {
  private final String pattern;
  private final String className;

  DeclaredChannelBuildItem(String pattern, String className) {
    this.pattern = pattern;
    this.className = className;
  }

  /// The topics it takes.
  ///
  /// @return a topic, or a prefix with `*` at its end
  public String pattern() {
    return pattern;
  }

  /// The channel.
  ///
  /// @return the name of its class
  public String className() {
    return className;
  }
}
