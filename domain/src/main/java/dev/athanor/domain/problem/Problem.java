package dev.athanor.domain.problem;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.athanor.domain.streams.BadCursor;
import dev.athanor.domain.streams.UnknownStream;
import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.InvalidContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A refusal as a value: RFC 9457 problem details. Its JSON has `type`, `title`, `status`,
/// `detail`, `errors` (one object of `field`, `expected`, `got` for each thing that is wrong; left
/// out when empty) and further members by name. Immutable.
///
/// @param status the HTTP status, 400 to 599
/// @param kind the kind of problem in hyphenated words, stable for programs; its `type` is
///   `urn:athanor:problem:` and the kind
/// @param title the kind in words for people
/// @param detail what happened this time, with what was expected and what was got
/// @param errors what is wrong, field by field; may be empty
/// @param more further members, such as `line` and `column`; numbers stay numbers
public record Problem(
    int status,
    String kind,
    String title,
    String detail,
    List<FieldError> errors,
    Map<String, Object> more) {
  /// The media type of the JSON.
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String URN = "urn:athanor:problem:";
  private static final JsonFactory JSON = new JsonFactory();

  /// Copies the collections; refuses a status that is no error.
  public Problem {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("expected a status of 400 to 599, got " + status);
    }
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(detail, "detail");
    errors = List.copyOf(errors);
    more = Map.copyOf(more);
  }

  /// A problem without field errors.
  public static Problem of(int status, String kind, String title, String detail) {
    return new Problem(status, kind, title, detail, List.of(), Map.of());
  }

  /// A problem with one query parameter: 400.
  public static Problem parameter(String name, String expected, @Nullable String got) {
    String quoted = got == null ? "nothing" : FieldError.quote(got);
    FieldError error = new FieldError(name, expected, quoted);
    return new Problem(
        400,
        "bad-parameter",
        "A query parameter is wrong",
        "Expected " + name + " to be " + expected + ", got " + quoted + ".",
        List.of(error),
        Map.of());
  }

  /// A problem with the fields of an input that was well formed: 422.
  public static Problem invalid(List<FieldError> errors) {
    String detail =
        errors.size() == 1
            ? "Field " + errors.getFirst() + ". Nothing was stored."
            : errors.size() + " things are wrong, see errors. Nothing was stored.";
    return new Problem(
        422, "invalid-content", "The content is not valid", detail, errors, Map.of());
  }

  /// The problem that a failure of the domain is to the caller; null for one that is not the
  /// caller's doing, which he is told as [#unexpected] and operators in full.
  public static @Nullable Problem of(Throwable failure) {
    return switch (failure) {
      case Refused refused -> refused.problem();
      case InvalidContent invalid -> invalid(invalid.errors());
      case BadCursor bad -> parameter("before", "the field \"next\" of an earlier page", bad.got());
      case UnknownStream unknown -> unknownStream(unknown.slug(), null);
      default -> null;
    };
  }

  /// No such stream: 404, with the slug that was probably meant.
  public static Problem unknownStream(String slug, @Nullable String meant) {
    String question = meant == null ? "" : " Did you mean \"" + meant + "\"?";
    return new Problem(
        404,
        "unknown-stream",
        "There is no such stream",
        "Expected the slug of a stream, got " + FieldError.quote(slug) + "." + question,
        List.of(),
        meant == null ? Map.of() : Map.of("did_you_mean", meant));
  }

  /// No such post, or it is withdrawn: 404.
  public static Problem unknownPost(String id) {
    return of(
        404,
        "unknown-post",
        "There is no such post",
        "Expected the id of a post, got " + FieldError.quote(id) + ".");
  }

  /// The server's own failure: 500 without its insides.
  public static Problem unexpected() {
    return of(
        500,
        "unexpected",
        "Something went wrong here",
        "The request may be right; trying again later may help. Nothing was stored.");
  }

  /// The database does not answer: 503. Nobody knows whether what was under way when it went away
  /// was stored.
  public static Problem unavailable() {
    return of(
        503,
        "unavailable",
        "Not available for a moment",
        "The database does not answer. Try again in a few seconds; if something was to be stored,"
            + " look first whether it is there.");
  }

  /// The same problem with one more member.
  public Problem with(String member, Object value) {
    Map<String, Object> members = new LinkedHashMap<>(more);
    members.put(member, value);
    return new Problem(status, kind, title, detail, errors, members);
  }

  /// The JSON in UTF-8.
  public byte[] toJson() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("type", URN + kind);
      json.writeStringField("title", title);
      json.writeNumberField("status", status);
      json.writeStringField("detail", detail);
      if (!errors.isEmpty()) {
        json.writeArrayFieldStart("errors");
        for (FieldError error : errors) {
          json.writeStartObject();
          json.writeStringField("field", error.field());
          json.writeStringField("expected", error.expected());
          json.writeStringField("got", error.got());
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      for (Map.Entry<String, Object> member : more.entrySet()) {
        json.writeFieldName(member.getKey());
        if (member.getValue() instanceof Number number) {
          json.writeNumber(number.longValue());
        } else {
          json.writeString(member.getValue().toString());
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }
}
