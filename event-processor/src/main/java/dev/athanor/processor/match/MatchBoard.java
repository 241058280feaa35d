package dev.athanor.processor.match;

import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.registry.Registry;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// The registry of the match processes of this node: by match, its process and how it stands, so
/// that a look at all of them costs no message to any. Beside it, how often each was started.
///
/// Any thread may read. The entry of a process is gone before anybody hears that the process is;
/// the count of its starts stays until the match is over.
final class MatchBoard {

  /// One running match.
  ///
  /// @param id the match
  /// @param pid its process
  /// @param restarts how often it has been started again since it first was
  /// @param view how it stands, or null before its checkpoint was read
  record Card(UUID id, Pid<?> pid, int restarts, @Nullable MatchView view) {
    private static final Comparator<Card> BY_DUE =
        Comparator.comparing(
                (Card card) -> card.view() == null ? null : card.view().due(),
                Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Card::id);
  }

  private final Registry<UUID, Optional<MatchView>> registry;
  private final ConcurrentMap<UUID, Integer> starts = new ConcurrentHashMap<>();

  MatchBoard(Node node) {
    registry = Registry.<UUID, Optional<MatchView>>unique("matches").create(node);
  }

  /// The name under which the process of a match is started; only one can have it.
  Name name(UUID match) {
    return registry.via(match, Optional.empty());
  }

  void started(UUID match) {
    starts.merge(match, 1, Integer::sum);
  }

  void show(Pid<?> pid, MatchView view) {
    registry.updateValue(pid, view.id(), _ -> Optional.of(view));
  }

  void finished(UUID match) {
    starts.remove(match);
  }

  /// Whether the match was started here and is not over, be its process alive or not.
  boolean isUnderWay(UUID match) {
    return starts.containsKey(match);
  }

  int size() {
    return Math.toIntExact(registry.count());
  }

  @Nullable Card card(UUID match) {
    return registry.lookup(match).stream()
        .map(entry -> card(match, entry))
        .findFirst()
        .orElse(null);
  }

  /// All of them, those whose next moment comes first in front.
  List<Card> cards() {
    return registry.keys().stream()
        .flatMap(match -> registry.lookup(match).stream().map(entry -> card(match, entry)))
        .sorted(Card.BY_DUE)
        .toList();
  }

  private Card card(UUID match, Registry.Entry<Optional<MatchView>> entry) {
    int restarts = starts.getOrDefault(match, 1) - 1;
    return new Card(match, entry.pid(), restarts, entry.value().orElse(null));
  }
}
