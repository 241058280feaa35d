package dev.athanor.cms.desk;

import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of a form that a browser sent as application/x-www-form-urlencoded.
final class Form {
  private static final int MOST_FIELDS = 200;

  private final Map<String, List<String>> fields;

  private Form(Map<String, List<String>> fields) {
    this.fields = fields;
  }

  /// Reads a form. What is no form is [Refused]; it is not repeated, since it may hold a password.
  static Form of(Buffer body) {
    String text = body.toString(StandardCharsets.UTF_8);
    try {
      return new Form(
          new QueryStringDecoder(text, StandardCharsets.UTF_8, false, MOST_FIELDS, false)
              .parameters());
    } catch (IllegalArgumentException _) {
      throw new Refused(
          Problem.of(
              400,
              "bad-form",
              "The form could not be read",
              "Expected %xx with two hexadecimal digits after each percent sign, got something"
                  + " else. Nothing was stored."));
    }
  }

  /// The text with its line breaks as `\n`; empty when it was not sent.
  String text(String name) {
    String value = first(name);
    return value == null ? "" : value.replace("\r\n", "\n");
  }

  /// The text, or null when it is blank.
  @Nullable String optional(String name) {
    String text = text(name);
    return text.isBlank() ? null : text;
  }

  boolean ticked(String name) {
    return first(name) != null;
  }

  List<String> all(String name) {
    return fields.getOrDefault(name, List.of());
  }

  @Nullable String first(String name) {
    List<String> values = fields.get(name);
    return values == null ? null : values.getFirst();
  }
}
