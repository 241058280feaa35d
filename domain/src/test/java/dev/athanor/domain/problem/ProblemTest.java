package dev.athanor.domain.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.InvalidContent;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemTest {
  @Test
  void problem_ofInvalidContent_namesEveryField() throws IOException {
    Problem problem =
        Problem.of(
            new InvalidContent(
                List.of(
                    new FieldError("title", "1 to 300 characters", "nothing"),
                    new FieldError("url", "an http(s) address", "\"ftp://x\""))));

    JsonNode json = new ObjectMapper().readTree(problem.toJson());

    assertThat(json.get("status").asInt()).isEqualTo(422);
    assertThat(json.get("type").asText()).isEqualTo("urn:athanor:problem:invalid-content");
    assertThat(json.get("errors")).hasSize(2);
    assertThat(json.get("errors").get(1).get("got").asText()).isEqualTo("\"ftp://x\"");
  }

  @Test
  void problem_ofOneField_tellsWhatWasExpectedAndGot() {
    assertThat(Problem.of(InvalidContent.of("status", "paused", "\"x\"")).detail())
        .isEqualTo("Field status: expected paused, got \"x\". Nothing was stored.");
  }

  @Test
  void problem_furtherNumber_staysANumber() throws IOException {
    byte[] bytes = Problem.of(400, "bad-json", "Not JSON", "At the end").with("line", 3).toJson();

    assertThat(new ObjectMapper().readTree(bytes).get("line").isInt()).isTrue();
  }

  @Test
  void problem_foreignFailure_isNotTheCallers() {
    assertThat(Problem.of(new IllegalStateException("database"))).isNull();
  }

  @Test
  void problem_statusOfSuccess_isRefused() {
    assertThatThrownBy(() -> Problem.of(200, "fine", "Fine", "All is well"))
        .hasMessageContaining("400 to 599");
  }
}
