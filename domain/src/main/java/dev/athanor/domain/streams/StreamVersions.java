package dev.athanor.domain.streams;

import dev.athanor.otp.ets.Access;
import dev.athanor.otp.ets.Increment;
import dev.athanor.otp.ets.Table;
import dev.athanor.otp.ets.TableException;
import dev.athanor.otp.ets.TableSpec;
import dev.athanor.otp.ets.Tables;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.quarkus.Supervised;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.supervisor.ChildSpec;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A counter for each stream that moves whenever its posts change: a cached page is fresh as long
/// as the version it was made under is still the current one. In the node that publishes, the
/// counter moves after the commit and before the publisher has its answer, so that he reads his own
/// writes; other nodes move it when the event arrives. Read the version *before* the page it is to
/// vouch for.
///
/// The counters are a table whose owner is a process of the domain. As long as there is none
/// (before the start, while a crashed owner is restarted) every version is one that was never seen:
/// caches take nothing for fresh. A restarted owner's versions begin above all earlier ones.
///
/// Any thread may read and move it, without waiting.
@Singleton
public class StreamVersions implements Supervised {
  private static final Increment<Long> ONE = Increment.ofLong();

  private final Tables tables;

  /// Above every version given out so far; grows with each owner and each answer without one.
  private final AtomicLong generation = new AtomicLong();

  private volatile @Nullable Versions current;

  @Inject
  StreamVersions(Node node) {
    this.tables = new Tables(node);
  }

  /// The version of the stream; it only grows.
  public long version(String slug) {
    Versions versions = current;
    if (versions != null) {
      try {
        return versions.base.get() + versions.table.getOrDefault(slug, 0L);
      } catch (TableException.Gone e) {
        return next();
      }
    }
    return next();
  }

  /// Moves the versions of these streams.
  public void bump(Collection<String> slugs) {
    Versions versions = current;
    if (versions == null) {
      return;
    }
    try {
      for (String slug : slugs) {
        versions.table.updateCounter(slug, ONE, 0L);
      }
    } catch (TableException.Gone e) {
      // The next owner starts above all of these.
    }
  }

  /// Moves the versions of all streams: what a node does that may have missed events.
  public void bumpAll() {
    Versions versions = current;
    if (versions != null) {
      versions.base.set(next());
    }
  }

  @Override
  public int order() {
    return 100;
  }

  @Override
  public List<ChildSpec> children() {
    return List.of(ChildSpec.server("domain.stream-versions", Owner::new));
  }

  /// A version above all that have been.
  private long next() {
    return generation.addAndGet(1L << 32);
  }

  private record Versions(Table<String, Long> table, AtomicLong base) {}

  /// Owns the table and does nothing else.
  private final class Owner implements GenServer<Void, Table<String, Long>> {
    @Override
    public InitResult<Table<String, Long>> init(ServerSelf<Void> self) {
      Table<String, Long> table =
          tables.create(
              TableSpec.<String, Long>set("domain.stream-versions").access(Access.PUBLIC));
      current = new Versions(table, new AtomicLong(next()));
      return InitResult.ok(table);
    }
  }
}
