/// Reading the formats that seasons and tournaments come in, and watching how far they are played.
/// Start from [OpenFootball][dev.athanor.cms.feeds.OpenFootball].
@NullMarked
package dev.athanor.cms.feeds;

import org.jspecify.annotations.NullMarked;
