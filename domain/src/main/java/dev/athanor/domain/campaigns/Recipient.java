package dev.athanor.domain.campaigns;

import dev.athanor.domain.readers.Device;

/// A device that a batch is for.
///
/// @param id the device's id
/// @param device where to push to
public record Recipient(long id, Device device) {}
