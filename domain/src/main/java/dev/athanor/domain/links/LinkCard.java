package dev.athanor.domain.links;

import org.jspecify.annotations.Nullable;

/// What a page says of itself to those who link to it. All of it is somebody else's text.
///
/// @param url the link as the story has it
/// @param host the host it leads to
/// @param title the page's title, at most 300 characters
/// @param description what it is about, at most 500 characters; null when it does not say
/// @param picture the http(s) address of a picture; null when it has none
public record LinkCard(
    String url,
    String host,
    String title,
    @Nullable String description,
    @Nullable String picture) {}
