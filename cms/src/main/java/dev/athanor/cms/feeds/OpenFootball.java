package dev.athanor.cms.feeds;

import com.fasterxml.jackson.databind.JsonNode;
import dev.athanor.domain.fixtures.ParsedFeed;
import dev.athanor.domain.fixtures.ParsedFeed.ParsedMatch;
import dev.athanor.domain.input.JsonInput;
import dev.athanor.domain.streams.Slug;
import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.Text;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the openfootball JSON format (football.json, worldcup.json): a name and matches with
/// teams, dates, scores and, where known, goals with their minutes.
///
/// The files of many years and hands differ, and all of these are read: matches in one list or in
/// rounds; teams as text or as objects; scores as `score: {ht, ft, et, p}`, as `score: [1, 0]` or
/// as `score1`, `score2` and their kin; no score yet; no kick-off time, or one with `UTC-6` behind
/// it; minutes as numbers with an `offset` or as `45+2`; goals in any order, own goals on either
/// side. Fields that are not known are passed over, since files carry grounds, groups and more.
///
/// What a file does not tell is not made up: see [Timeline]. A pure function: any thread.
public final class OpenFootball {
  /// The format's name.
  public static final String FORMAT = "openfootball";

  private static final int LONGEST_NAME = 100;
  private static final int MOST_MATCHES = 20_000;
  private static final int FIRST_YEAR = 1800;
  private static final int LAST_YEAR = 2999;

  /// Where in its day a match is put whose time is not told.
  private static final LocalTime UNTOLD = LocalTime.NOON;

  private static final Pattern TIME =
      Pattern.compile(
          "(\\d{1,2})[:.](\\d{2})(?:\\s*(?:UTC|GMT)\\s*(?:([+-])(\\d{1,2})(?::?(\\d{2}))?)?)?");

  private final Errors errors = new Errors();
  private final Timeline timeline = new Timeline(errors);
  private final List<ParsedMatch> matches = new ArrayList<>();

  private OpenFootball() {}

  /// Reads a whole file. Text that is not JSON is refused with its line and column; what is wrong
  /// with the content is an `InvalidContent` whose fields are paths into the file, such as
  /// `matches[3].team1`, at most twenty of them.
  public static ParsedFeed parse(byte[] json) {
    return new OpenFootball().feed(JsonInput.tree(json), hash(json));
  }

  private ParsedFeed feed(JsonNode file, String hash) {
    if (!file.isObject()) {
      errors.add("file", "a JSON object with name and matches", JsonInput.describe(file));
      errors.check();
    }
    String name = text(file.path("name"), "name", "the competition's name with its season");
    JsonNode list = file.path("matches");
    JsonNode rounds = file.path("rounds");
    if (list.isArray()) {
      all(list, "matches", null);
    } else if (rounds.isArray()) {
      for (int i = 0; i < rounds.size(); i++) {
        JsonNode round = rounds.get(i);
        String field = "rounds[" + i + "].matches";
        if (round.path("matches").isArray()) {
          all(round.path("matches"), field, optional(round.path("name")));
        } else {
          errors.add(field, "an array of matches", told(round.path("matches")));
        }
      }
    } else {
      errors.add("matches", "an array of matches", told(list));
    }
    if (matches.isEmpty()) {
      errors.addIfNone("matches", "at least one match", "an empty list");
    }
    errors.check();
    return new ParsedFeed(FORMAT, name, hash, matches);
  }

  private void all(JsonNode list, String field, @Nullable String round) {
    for (int i = 0; i < list.size(); i++) {
      if (matches.size() >= MOST_MATCHES) {
        errors.add(field, "at most " + MOST_MATCHES + " matches", "more");
        return;
      }
      match(list.get(i), field + "[" + i + "]", round);
    }
  }

  private void match(JsonNode match, String field, @Nullable String ofRound) {
    if (!match.isObject()) {
      errors.add(field, "a match", told(match));
      return;
    }
    String team1 = team(match.path("team1"), field + ".team1");
    String team2 = team(match.path("team2"), field + ".team2");
    if (!team1.isEmpty() && Slug.of(team1).equals(Slug.of(team2))) {
      errors.add(field + ".team2", "another team than team1", FieldError.quote(team2));
    }
    String round = optional(match.path("round"));
    if (round == null) {
      round = ofRound != null ? ofRound : optional(match.path("group"));
    }
    matches.add(
        new ParsedMatch(round, kickOff(match, field), team1, team2, timeline.of(match, field)));
  }

  private String team(JsonNode node, String field) {
    String name = text(node.isObject() ? node.path("name") : node, field, "a team's name");
    if (!name.isEmpty() && Slug.of(name).isEmpty()) {
      errors.add(field, "a name with Latin letters or digits", FieldError.quote(name));
    }
    return name;
  }

  private @Nullable LocalDateTime kickOff(JsonNode match, String field) {
    LocalDate date = date(match.path("date"), field + ".date");
    JsonNode node = match.path("time");
    if (date == null || absent(node)) {
      return date == null ? null : date.atTime(UNTOLD);
    }
    Matcher time = TIME.matcher(node.asText().strip());
    if (!node.isTextual() || !time.matches()) {
      errors.add(field + ".time", "a time such as 15:30 or 15:30 UTC-3", told(node));
      return null;
    }
    int hour = Integer.parseInt(time.group(1));
    int minute = Integer.parseInt(time.group(2));
    if (hour > 23 || minute > 59) {
      errors.add(field + ".time", "a time from 0:00 to 23:59", told(node));
      return null;
    }
    LocalDateTime local = date.atTime(hour, minute);
    return time.group(3) == null ? local : inUtc(local, time, field, node);
  }

  private @Nullable LocalDateTime inUtc(
      LocalDateTime local, Matcher time, String field, JsonNode node) {
    int hours = Integer.parseInt(time.group(4));
    int minutes = time.group(5) == null ? 0 : Integer.parseInt(time.group(5));
    if (hours > 14 || minutes > 59) {
      errors.add(field + ".time", "an offset from UTC-14 to UTC+14", told(node));
      return null;
    }
    int sign = time.group(3).equals("-") ? -1 : 1;
    ZoneOffset offset = ZoneOffset.ofTotalSeconds(sign * (hours * 60 + minutes) * 60);
    return local.atOffset(offset).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
  }

  private @Nullable LocalDate date(JsonNode node, String field) {
    if (absent(node)) {
      return null;
    }
    LocalDate date = node.isTextual() ? date(node.textValue().strip()) : null;
    if (date == null) {
      errors.add(field, "a date such as 2022-11-20", told(node));
    }
    return date;
  }

  private static @Nullable LocalDate date(String text) {
    try {
      LocalDate date = LocalDate.parse(text);
      return date.getYear() < FIRST_YEAR || date.getYear() > LAST_YEAR ? null : date;
    } catch (DateTimeParseException _) {
      return null;
    }
  }

  private String text(JsonNode node, String field, String expected) {
    String line = Text.normalizeLine(node.textValue());
    String text = line == null ? "" : line;
    if (text.isEmpty()) {
      errors.add(field, expected, told(node));
    } else if (text.length() > LONGEST_NAME) {
      errors.add(field, "at most " + LONGEST_NAME + " characters", text.length() + " characters");
    }
    return text;
  }

  private static @Nullable String optional(JsonNode node) {
    String text = node.isTextual() || node.isNumber() ? Text.normalizeLine(node.asText()) : null;
    if (text == null || Text.length(text) <= LONGEST_NAME) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, LONGEST_NAME)).strip();
  }

  static boolean absent(JsonNode node) {
    return node.isMissingNode()
        || node.isNull()
        || (node.isTextual() && node.textValue().isBlank());
  }

  static String told(JsonNode node) {
    return node.isMissingNode() ? "nothing" : JsonInput.describe(node);
  }

  private static String hash(byte[] file) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
