package dev.athanor.processor.match;

import dev.athanor.domain.fixtures.MatchState;
import dev.athanor.domain.fixtures.TimelineEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// A database of matches in memory: the same compare-and-set, and failures on demand.
final class StoredMatches implements Checkpoints {

  /// What the next call of the database does.
  enum Behaviour {
    WORKS,
    FAILS,
    COMMITS_BUT_FAILS,
    NEVER_ANSWERS
  }

  private final Map<UUID, MatchState> matches = new HashMap<>();
  private final Map<UUID, List<TimelineEvent>> published = new HashMap<>();
  private Behaviour behaviour = Behaviour.WORKS;
  private int calls;

  void put(MatchState match) {
    matches.put(match.id(), match);
  }

  void behave(Behaviour next) {
    behaviour = next;
  }

  int calls() {
    return calls;
  }

  List<TimelineEvent> published(UUID match) {
    return published.getOrDefault(match, List.of());
  }

  @Override
  public CompletionStage<MatchState> load(UUID match) {
    calls++;
    return answer(matches.get(match));
  }

  @Override
  public CompletionStage<Boolean> advance(UUID id, int step) {
    calls++;
    MatchState match = matches.get(id);
    if (behaviour == Behaviour.FAILS) {
      return answer(false);
    }
    boolean first = match.step() == step;
    if (first) {
      published.computeIfAbsent(id, _ -> new ArrayList<>()).add(match.timeline().get(step));
      matches.put(id, Steps.after(match));
    }
    return answer(first);
  }

  @Override
  public CompletionStage<List<MatchState>> unfinished(UUID feed) {
    calls++;
    return answer(
        matches.values().stream()
            .filter(MatchState::unfinished)
            .filter(match -> feed == null || match.feedId().equals(feed))
            .toList());
  }

  private <T> CompletionStage<T> answer(T value) {
    return switch (behaviour) {
      case WORKS -> CompletableFuture.completedStage(value);
      case FAILS, COMMITS_BUT_FAILS ->
          CompletableFuture.failedStage(new IllegalStateException("connection closed"));
      case NEVER_ANSWERS -> new CompletableFuture<>();
    };
  }
}
