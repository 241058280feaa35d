package dev.athanor.cms.feeds;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.athanor.domain.fixtures.Feed;
import dev.athanor.domain.fixtures.FeedProgress;
import dev.athanor.domain.fixtures.MatchState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/// The JSON of a feed's progress: `{"id","format","name","competition","speed","started_at",
/// "complete","totals":{"matches","scheduled","live","finished","no_result"},
/// "moments":{"published","total"},"matches":[{"id","round","team1","team2","streams","status",
/// "minute","score":[1,0] or null,"kick_off_at"}]}`. A pure function: any thread.
public final class FeedJson {
  private static final JsonFactory JSON = new JsonFactory();

  private FeedJson() {}

  /// The JSON in UTF-8.
  public static byte[] encode(Feeds.Watched watched) {
    FeedProgress progress = watched.progress();
    Feed feed = progress.feed();
    Instant now = Instant.now();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512 + watched.matches().size() * 256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("id", feed.id().toString());
      json.writeStringField("format", feed.format());
      json.writeStringField("name", feed.name());
      json.writeStringField("competition", feed.competition());
      json.writeNumberField("speed", feed.speed());
      json.writeStringField("started_at", feed.anchor().toString());
      json.writeBooleanField("complete", progress.complete());
      json.writeObjectFieldStart("totals");
      json.writeNumberField("matches", watched.matches().size());
      json.writeNumberField("scheduled", progress.scheduled());
      json.writeNumberField("live", progress.live());
      json.writeNumberField("finished", progress.finished());
      json.writeNumberField("no_result", progress.withoutResult());
      json.writeEndObject();
      json.writeObjectFieldStart("moments");
      json.writeNumberField("published", progress.stepsDone());
      json.writeNumberField("total", progress.steps());
      json.writeEndObject();
      json.writeArrayFieldStart("matches");
      for (MatchState match : watched.matches()) {
        write(json, new MatchView(match, now));
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, MatchView view) throws IOException {
    MatchState match = view.match();
    json.writeStartObject();
    json.writeStringField("id", match.id().toString());
    json.writeStringField("round", match.round());
    json.writeStringField("team1", match.team1());
    json.writeStringField("team2", match.team2());
    json.writeArrayFieldStart("streams");
    json.writeString(match.slug1());
    json.writeString(match.slug2());
    json.writeString(match.competition());
    json.writeEndArray();
    json.writeStringField("status", view.status());
    Integer minute = view.minute();
    if (minute == null) {
      json.writeNullField("minute");
    } else {
      json.writeNumberField("minute", minute);
    }
    Integer goals1 = view.score1();
    Integer goals2 = view.score2();
    if (goals1 == null || goals2 == null) {
      json.writeNullField("score");
    } else {
      json.writeFieldName("score");
      json.writeArray(new int[] {goals1, goals2}, 0, 2);
    }
    json.writeStringField("kick_off_at", match.kickOffAt().toString());
    json.writeEndObject();
  }
}
