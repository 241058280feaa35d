package dev.athanor.web.live;

import dev.athanor.otp.channels.wire.Payload;

/// A breaking story, on its way to the channels of those who follow one of its streams.
///
/// @param post the post's id
/// @param json the post, the very bytes of the API
record Breaking(String post, Payload json) {}
