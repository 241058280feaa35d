package dev.athanor.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.athanor.domain.fixtures.Fixtures;
import dev.athanor.domain.fixtures.MatchJson;
import dev.athanor.domain.fixtures.MatchState;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.ets.Cache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Matches as readers are told of them, from a table: however many open a match at once, the
/// database is asked once. Each moment puts the newer state in; an older one never takes its place,
/// whether an event came twice or a read was slow. Any thread.
@ApplicationScoped
public class KnownMatches {
  /// A match, encoded.
  ///
  /// @param id which
  /// @param step how many of its moments are published
  /// @param json the match as `MatchJson` encodes it
  public record Match(UUID id, int step, Payload json) {
    /// Reads what `MatchJson` encoded.
    public static Match read(byte[] utf8) {
      Payload json = Payload.json(utf8);
      JsonNode match = json.json();
      return new Match(UUID.fromString(match.get("id").asText()), match.get("step").asInt(), json);
    }

    /// Whether nothing more will happen in it.
    boolean isOver() {
      String status = json.json().get("status").asText();
      return status.equals("finished") || status.equals("no_result");
    }

    /// The kind of its last moment; empty before the first.
    public String lastKind() {
      JsonNode moments = json.json().get("moments");
      return moments.isEmpty() ? "" : moments.get(moments.size() - 1).get("kind").asText();
    }
  }

  private final Fixtures fixtures;
  private final TableOwner owner;

  @Inject
  KnownMatches(Fixtures fixtures, TableOwner owner) {
    this.fixtures = fixtures;
    this.owner = owner;
  }

  /// The match of that id as it is now, or null when there is none, or when that is no id as
  /// ids are written here: another way to write it would be another topic.
  public Uni<@Nullable Match> find(String id) {
    UUID known;
    try {
      known = UUID.fromString(id);
    } catch (IllegalArgumentException _) {
      return Uni.createFrom().nullItem();
    }
    return known.toString().equals(id) ? find(known) : Uni.createFrom().nullItem();
  }

  private Uni<@Nullable Match> find(UUID id) {
    return ReadThrough.find(cache(), id, () -> load(id));
  }

  private Uni<@Nullable Match> load(UUID id) {
    return fixtures.match(id).map(match -> match == null ? null : encoded(match));
  }

  /// The matches that are being played, to come, or over, as the list of matches shows them.
  public Uni<List<Match>> latest(int limit) {
    return fixtures.latest(limit).map(all -> all.stream().map(KnownMatches::encoded).toList());
  }

  private static Match encoded(MatchState match) {
    byte[] json = MatchJson.encode(match).getBytes(StandardCharsets.UTF_8);
    return new Match(match.id(), match.step(), Payload.json(json));
  }

  /// A moment of the match was published.
  public void moved(Match match) {
    ReadThrough.change(
        cache(),
        matches ->
            matches.update(
                match.id(),
                (_, before) -> before == null || before.step() < match.step() ? match : before));
  }

  private @Nullable Cache<UUID, Match> cache() {
    WebTables.Set tables = owner.tables();
    return tables == null ? null : tables.matches();
  }
}
