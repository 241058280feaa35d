package dev.athanor.cms.feeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.athanor.domain.fixtures.ParsedFeed;
import dev.athanor.domain.fixtures.ParsedFeed.ParsedMatch;
import dev.athanor.domain.fixtures.TimelineEvent;
import dev.athanor.domain.fixtures.TimelineEvent.Kind;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.InvalidContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenFootballTest {
  @Test
  void match_goalsInAnyOrder_becomeATimeline() {
    ParsedMatch match =
        one(
            """
            {"round":"Final","date":"2022-12-18","time":"18:00","team1":"A","team2":"B",
             "score":{"p":[4,2],"et":[3,3],"ft":[2,2],"ht":[2,0]},
             "goals1":[{"name":"M","minute":23,"penalty":true},{"name":"M","minute":108},
                       {"name":"D","minute":36}],
             "goals2":[{"name":"K","minute":80},{"name":"K","minute":81},{"name":"K","minute":118}]}
            """);

    assertThat(match.timeline())
        .extracting(TimelineEvent::kind)
        .containsExactly(
            Kind.KICK_OFF,
            Kind.GOAL,
            Kind.GOAL,
            Kind.HALF_TIME,
            Kind.GOAL,
            Kind.GOAL,
            Kind.EXTRA_TIME,
            Kind.GOAL,
            Kind.GOAL,
            Kind.FULL_TIME);
    assertThat(scores(match))
        .containsExactly("0-0", "1-0", "2-0", "2-0", "2-1", "2-2", "2-2", "3-2", "3-3", "3-3");
    assertThat(match.timeline().get(1).scorer()).isEqualTo("M (pen.)");
    assertThat(match.timeline().getLast().note()).isEqualTo("after extra time, 4–2 on penalties");
    assertThat(match.kickOff()).isEqualTo(LocalDateTime.of(2022, 12, 18, 18, 0));
  }

  @Test
  void match_halfAndFullTimeOnly_inventsNoGoals() {
    ParsedMatch match =
        one("{\"team1\":\"A\",\"team2\":\"B\",\"score\":{\"ht\":[1,0],\"ft\":[2,1]}}");

    assertThat(scores(match)).containsExactly("0-0", "1-0", "2-1");
    assertThat(match.kickOff()).isNull();
  }

  @Test
  void match_goalsThatDoNotAddUp_areLeftOut() {
    ParsedMatch match =
        one(
            "{\"team1\":\"A\",\"team2\":\"B\",\"score\":{\"ft\":[2,1]},"
                + "\"goals1\":[{\"name\":\"X\",\"minute\":5}],\"goals2\":[]}");

    assertThat(scores(match)).containsExactly("0-0", "null-null", "2-1");
  }

  @Test
  void match_goalWithoutMinute_leavesAllGoalsOut() {
    ParsedMatch match =
        one(
            "{\"team1\":\"A\",\"team2\":\"B\",\"score\":{\"ft\":[1,0]},"
                + "\"goals1\":[{\"name\":\"X\"}]}");

    assertThat(match.timeline()).extracting(TimelineEvent::kind).doesNotContain(Kind.GOAL);
  }

  @Test
  void match_noScoreYet_hasNoMoments() {
    assertThat(one("{\"team1\":\"A\",\"team2\":\"B\"}").timeline()).isEmpty();
    assertThat(one("{\"team1\":\"A\",\"team2\":\"B\",\"score\":null}").timeline()).isEmpty();
    assertThat(one("{\"team1\":\"A\",\"team2\":\"B\",\"score\":{\"ft\":[null,null]}}").timeline())
        .isEmpty();
  }

  @Test
  void minute_inEveryForm_isRead() {
    ParsedMatch match =
        one(
            """
            {"team1":"A","team2":"B","score":{"ft":[5,0],"ht":[2,0]},
             "goals1":[{"minute":"90+4"},{"minute":45,"offset":2},{"minute":"45'+1'"},
                       {"minute":"46"},{"minute":93}]}
            """);

    assertThat(match.timeline())
        .filteredOn(event -> event.kind() == Kind.GOAL)
        .extracting(event -> event.minute() + "+" + event.stoppage())
        .containsExactly("45+1", "45+2", "46+0", "90+3", "90+4");
    assertThat(match.timeline().get(3).kind()).isEqualTo(Kind.HALF_TIME);
    assertThat(match.timeline()).extracting(TimelineEvent::at).isSorted();
  }

  @Test
  void ownGoal_inEitherList_countsForTheRightSide() {
    String benefits =
        "{\"team1\":\"A\",\"team2\":\"B\",\"score\":{\"ft\":[1,0]},"
            + "\"goals1\":[{\"name\":\"X\",\"minute\":5,\"owngoal\":true}]}";
    String scorers = benefits.replace("goals1", "goals2");

    assertThat(scores(one(benefits))).containsExactly("0-0", "1-0", "1-0", "1-0");
    assertThat(scores(one(scorers))).containsExactly("0-0", "1-0", "1-0", "1-0");
    assertThat(one(scorers).timeline().get(1).scorer()).isEqualTo("X (o.g.)");
  }

  @Test
  void file_olderForms_areRead() {
    ParsedFeed feed =
        parse(
            """
            {"name":"Old League","rounds":[{"name":"Round 1","matches":[
              {"date":"2013-08-01","team1":{"name":"Köln","code":"KOE"},"team2":{"name":"B"},
               "score1":2,"score2":0,"score1i":1,"score2i":0},
              {"team1":"C","team2":"D","score":[0,0]}]}]}
            """);

    assertThat(feed.matches()).extracting(ParsedMatch::round).containsOnly("Round 1");
    assertThat(scores(feed.matches().get(0))).containsExactly("0-0", "1-0", "2-0");
    assertThat(scores(feed.matches().get(1))).containsExactly("0-0", "0-0", "0-0");
    assertThat(feed.matches().get(0).kickOff()).isEqualTo(LocalDateTime.of(2013, 8, 1, 12, 0));
  }

  @Test
  void time_withOffset_isToldInUtc() {
    ParsedMatch match =
        one("{\"date\":\"2026-06-11\",\"time\":\"20:00 UTC-6\",\"team1\":\"A\",\"team2\":\"B\"}");

    assertThat(match.kickOff()).isEqualTo(LocalDateTime.of(2026, 6, 12, 2, 0));
  }

  @Test
  void date_outOfAllReason_isRefused() {
    for (String date : List.of("+999999999-12-31", "-999999999-01-01", "0000-01-01")) {
      assertThatExceptionOfType(InvalidContent.class)
          .isThrownBy(
              () ->
                  one(
                      "{\"date\":\"%s\",\"time\":\"23:59 UTC-14\",\"team1\":\"A\",\"team2\":\"B\"}"
                          .formatted(date)))
          .withMessageContaining("matches[0].date");
    }
  }

  @Test
  void names_withControlCharactersAndHalves_areCleaned() {
    ParsedMatch match =
        one(
            "{\"round\":\"%s⚽⚽\",\"team1\":\"A\\u0000 \\u0001 C\",\"team2\":\"B\\ud800\","
                    .formatted("x".repeat(99))
                + "\"score\":{\"ft\":[1,0]},\"goals1\":[{\"name\":\"N\\u0000\\n"
                + "M\",\"minute\":1}]}");

    assertThat(match.team1()).isEqualTo("A C");
    assertThat(match.team2()).isEqualTo("B\uFFFD");
    assertThat(match.round()).isEqualTo("x".repeat(99) + "⚽");
    assertThat(match.timeline().get(1).scorer()).isEqualTo("N M");
  }

  @Test
  void file_wrongFields_namesMatchAndField() {
    assertThatExceptionOfType(InvalidContent.class)
        .isThrownBy(
            () ->
                parse(
                    """
                    {"name":"L","matches":[{"team1":"A","team2":"B"},
                      {"team1":5,"team2":"A","date":"yesterday","time":"25:00",
                       "score":{"ft":[1,"x"]},"goals1":[{"minute":"soon"}]}]}
                    """))
        .satisfies(
            invalid ->
                assertThat(invalid.errors())
                    .extracting(FieldError::field)
                    .containsExactlyInAnyOrder(
                        "matches[1].team1",
                        "matches[1].date",
                        "matches[1].score.ft[1]",
                        "matches[1].goals1[0].minute"));
  }

  @Test
  void file_thatIsNoFeed_saysWhatIsMissing() {
    assertThatExceptionOfType(InvalidContent.class)
        .isThrownBy(() -> parse("{}"))
        .satisfies(
            invalid ->
                assertThat(invalid.errors())
                    .extracting(FieldError::field)
                    .containsExactly("name", "matches"));
    assertThatExceptionOfType(InvalidContent.class)
        .isThrownBy(() -> parse("{\"name\":\"L\",\"matches\":[]}"))
        .withMessageContaining("at least one match");
    assertThatExceptionOfType(InvalidContent.class).isThrownBy(() -> parse("[1]"));
  }

  @Test
  void file_manyErrors_tellsTwentyAndHowManyMore() {
    String matches = "{},".repeat(30) + "{}";

    assertThatExceptionOfType(InvalidContent.class)
        .isThrownBy(() -> parse("{\"name\":\"L\",\"matches\":[" + matches + "]}"))
        .satisfies(
            invalid ->
                assertThat(invalid.errors())
                    .hasSize(21)
                    .last()
                    .extracting(FieldError::got)
                    .isEqualTo("20 shown and 42 more"));
  }

  @Test
  void file_brokenJson_saysLineAndColumn() {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> parse("{\"name\":\"L\",\n \"matches\":[}"))
        .satisfies(refused -> assertThat(refused.problem().more()).containsEntry("line", 2));
  }

  @Test
  void file_sameContent_hasTheSameHash() {
    String text = "{\"name\":\"L\",\"matches\":[{\"team1\":\"A\",\"team2\":\"B\"}]}";

    assertThat(parse(text).contentHash()).isEqualTo(parse(text).contentHash()).hasSize(64);
    assertThat(parse(text + " ").contentHash()).isNotEqualTo(parse(text).contentHash());
  }

  @Test
  void worldCup_real_hasEveryGoal() throws IOException {
    ParsedFeed feed = OpenFootball.parse(real("worldcup-2022.json"));

    assertThat(feed.matches()).hasSize(64);
    assertThat(count(feed, Kind.GOAL)).isEqualTo(172);
    assertThat(count(feed, Kind.EXTRA_TIME)).isEqualTo(5);
    assertThat(count(feed, Kind.FULL_TIME)).isEqualTo(64);
    assertThat(feed.matches()).allSatisfy(match -> assertThat(match.kickOff()).isNotNull());
  }

  @Test
  void leagues_real_haveThreeMomentsEach() throws IOException {
    for (String file : List.of("england-2024-25.json", "germany-2024-25.json")) {
      ParsedFeed feed = OpenFootball.parse(real(file));

      assertThat(feed.matches()).allSatisfy(match -> assertThat(match.timeline()).hasSize(3));
    }
  }

  private static long count(ParsedFeed feed, Kind kind) {
    return feed.matches().stream()
        .flatMap(match -> match.timeline().stream())
        .filter(event -> event.kind() == kind)
        .count();
  }

  private static byte[] real(String name) throws IOException {
    Path root = Path.of(System.getProperty("athanor.root", "..")).toAbsolutePath().normalize();
    Path folder =
        Path.of(
            System.getProperty(
                "athanor.football.data", root.resolve("../shared/data/football").toString()));
    assumeThat(folder).as("the folder of real feeds").isDirectory();
    return Files.readAllBytes(folder.resolve(name));
  }

  private static List<String> scores(ParsedMatch match) {
    return match.timeline().stream().map(event -> event.score1() + "-" + event.score2()).toList();
  }

  private static ParsedMatch one(String match) {
    return parse("{\"name\":\"League 1\",\"matches\":[" + match + "]}").matches().getFirst();
  }

  private static ParsedFeed parse(String json) {
    return OpenFootball.parse(json.getBytes(StandardCharsets.UTF_8));
  }
}
