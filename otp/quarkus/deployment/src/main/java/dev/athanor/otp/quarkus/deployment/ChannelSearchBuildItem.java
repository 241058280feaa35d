package dev.athanor.otp.quarkus.deployment;

import io.quarkus.builder.item.SimpleBuildItem;

/// What the search for channels has brought to light.
final class ChannelSearchBuildItem extends SimpleBuildItem {
  private final ChannelSearch result;

  ChannelSearchBuildItem(ChannelSearch result) {
    this.result = result;
  }

  ChannelSearch result() {
    return result;
  }
}
