package dev.athanor.processor.links;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/// What the head of an HTML page says of it, as plain text.
///
/// @param title its Open Graph title, else its title; at most 300 characters
/// @param description likewise, at most 500 characters; null when there is none
/// @param picture the http(s) address of its Open Graph picture; null when there is none
record Page(String title, @Nullable String description, @Nullable String picture) {
  private static final int LONGEST_TITLE = 300;
  private static final int LONGEST_DESCRIPTION = 500;
  private static final int LONGEST_ADDRESS = 2_000;

  /// Reads a page, or as much of it as there is; empty when it has no title.
  ///
  /// @param charset as its answer said; null to find out from the page
  /// @param address where it was found, which relative addresses start from
  static Optional<Page> read(byte[] html, @Nullable String charset, URI address) {
    Document document;
    try {
      document = Jsoup.parse(new ByteArrayInputStream(html), charset, address.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("the page is not in the characters it claims", e);
    }
    String title = first(document, "meta[property=og:title]", "meta[name=twitter:title]");
    String text = cut(title == null ? document.title() : title, LONGEST_TITLE);
    if (text == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Page(
            text,
            cut(
                first(document, "meta[property=og:description]", "meta[name=description]"),
                LONGEST_DESCRIPTION),
            picture(document)));
  }

  private static @Nullable String first(Document document, String... selectors) {
    for (String selector : selectors) {
      Element element = document.selectFirst(selector);
      if (element != null && !element.attr("content").isBlank()) {
        return element.attr("content");
      }
    }
    return null;
  }

  private static @Nullable String picture(Document document) {
    Element element = document.selectFirst("meta[property=og:image]");
    String address = element == null ? "" : element.absUrl("content");
    boolean usable = address.startsWith("https://") || address.startsWith("http://");
    return usable && address.length() <= LONGEST_ADDRESS ? address : null;
  }

  /// One line of at most so many characters; null when nothing is left.
  private static @Nullable String cut(@Nullable String text, int longest) {
    if (text == null || text.isBlank()) {
      return null;
    }
    String line = text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
    return line.codePointCount(0, line.length()) <= longest
        ? line
        : line.substring(0, line.offsetByCodePoints(0, longest - 1)) + "…";
  }
}
