package dev.athanor.domain.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.validation.FieldError;
import dev.athanor.otp.process.Name;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON object that somebody sent, read strictly: one value, no field twice, no field that is not
/// known, no value of another JSON type than expected. Text that is not JSON is refused with the
/// line and the column; what is wrong with the fields is collected, and [#check] refuses it all at
/// once with 400 (the first twenty fields are named).
///
/// Not for several threads.
public final class JsonInput {
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
              .build());

  /// More errors are not told: an answer is never much longer than what was asked.
  private static final int MOST_ERRORS = 20;

  private final ObjectNode object;

  /// What stands before a field's name in errors; empty at the top.
  private final String path;

  private final List<FieldError> errors;

  private JsonInput(ObjectNode object, String path, List<FieldError> errors) {
    this.object = object;
    this.path = path;
    this.errors = errors;
  }

  /// Reads an object whose fields are among the known ones.
  ///
  /// @param known the fields in the order they are told
  /// @param setHere fields that the server sets and nobody sends, with why
  public static JsonInput read(byte[] json, List<String> known, Map<String, String> setHere) {
    JsonNode node = tree(json);
    if (!(node instanceof ObjectNode object)) {
      throw new Refused(
          Problem.of(
              400,
              "bad-json",
              "The body is not what was expected",
              "Expected a JSON object, got " + describe(node) + "."));
    }
    return of(object, "", new ArrayList<>(), known, setHere);
  }

  private static JsonInput of(
      ObjectNode object,
      String path,
      List<FieldError> errors,
      List<String> known,
      Map<String, String> setHere) {
    for (String name : (Iterable<String>) object::fieldNames) {
      if (!known.contains(name)) {
        errors.add(new FieldError(path + name, unknown(name, known, setHere), "an unknown field"));
      }
    }
    return new JsonInput(object, path, errors);
  }

  /// Reads any JSON value, strictly.
  public static JsonNode tree(byte[] json) {
    try (JsonParser parser = MAPPER.createParser(json)) {
      JsonNode node = MAPPER.readTree(parser);
      if (node == null || node.isMissingNode()) {
        throw new Refused(
            Problem.of(
                400, "bad-json", "The body is not JSON", "Expected JSON, got an empty body."));
      }
      if (parser.nextToken() != null) {
        throw bad(
            "Expected the end after the first JSON value, got more", parser.currentLocation());
      }
      return node;
    } catch (JsonProcessingException e) {
      throw bad(e.getOriginalMessage(), e.getLocation());
    } catch (IOException e) {
      throw bad("Expected UTF-8: " + e.getMessage(), null);
    }
  }

  /// Whether the field was sent, even as null.
  public boolean has(String field) {
    return object.has(field);
  }

  /// A text; null when it was not sent, is null or is not a text.
  public @Nullable String text(String field) {
    JsonNode node = present(field);
    if (node == null) {
      return null;
    }
    if (node.isTextual()) {
      return node.textValue();
    }
    wrong(field, "a string", node);
    return null;
  }

  /// A whole number; null when it was not sent, is null or is not a whole number of 64 bits.
  public @Nullable Long whole(String field) {
    JsonNode node = present(field);
    if (node == null) {
      return null;
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    wrong(field, "a whole number", node);
    return null;
  }

  /// A truth value; false when it was not sent or is null.
  public boolean truth(String field) {
    JsonNode node = present(field);
    if (node == null) {
      return false;
    }
    if (!node.isBoolean()) {
      wrong(field, "true or false", node);
    }
    return node.booleanValue();
  }

  /// A list of texts; empty when it was not sent or is null.
  public List<String> texts(String field) {
    JsonNode node = present(field);
    if (node == null) {
      return List.of();
    }
    if (!node.isArray()) {
      wrong(field, "an array of strings", node);
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      if (node.get(i).isTextual()) {
        texts.add(node.get(i).textValue());
      } else {
        wrong(field + "[" + i + "]", "a string", node.get(i));
      }
    }
    return texts;
  }

  /// An object within, whose errors count as this input's and are told with its name before theirs
  /// (`keys.auth`); null when it was not sent, is null or is not an object.
  ///
  /// @param known the fields in the order they are told
  public @Nullable JsonInput object(String field, List<String> known) {
    JsonNode node = present(field);
    if (node == null) {
      return null;
    }
    if (node instanceof ObjectNode within) {
      return of(within, path + field + ".", errors, known, Map.of());
    }
    wrong(field, "an object", node);
    return null;
  }

  /// Refuses the input if anything was wrong with it so far.
  public void check() {
    if (!errors.isEmpty()) {
      String detail =
          errors.size() == 1
              ? capital(errors.getFirst())
              : errors.size()
                  + " fields are not what was expected, see errors. Nothing was stored.";
      List<FieldError> told = errors.subList(0, Math.min(errors.size(), MOST_ERRORS));
      throw new Refused(
          new Problem(400, "bad-fields", "The body has wrong fields", detail, told, Map.of()));
    }
  }

  /// What kind of JSON value it is, for people: `the number 5`.
  public static String describe(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> "the string " + FieldError.quote(node.textValue());
      case NUMBER -> "the number " + node.asText();
      case BOOLEAN -> node.asText();
      case NULL -> "null";
      case ARRAY -> "an array";
      case OBJECT -> "an object";
      case BINARY, MISSING, POJO -> "nothing";
    };
  }

  private static String capital(FieldError error) {
    return "Field " + error + ". Nothing was stored.";
  }

  private @Nullable JsonNode present(String field) {
    JsonNode node = object.get(field);
    return node == null || node.isNull() ? null : node;
  }

  private void wrong(String field, String expected, JsonNode got) {
    errors.add(new FieldError(path + field, expected, describe(got)));
  }

  private static String unknown(String name, List<String> known, Map<String, String> setHere) {
    String why = setHere.get(name);
    if (why != null) {
      return why;
    }
    String meant = Name.nearest(name, known);
    return meant == null
        ? "one of " + String.join(", ", known)
        : "one of " + String.join(", ", known) + " (did you mean " + meant + "?)";
  }

  private static Refused bad(String what, @Nullable JsonLocation location) {
    if (location == null) {
      return new Refused(
          Problem.of(400, "bad-json", "The body is not JSON", what + ". Nothing was stored."));
    }
    String where = " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    return new Refused(
        Problem.of(400, "bad-json", "The body is not JSON", what + where + ". Nothing was stored.")
            .with("line", location.getLineNr())
            .with("column", location.getColumnNr()));
  }
}
