package dev.athanor.processor.links;

import dev.athanor.otp.ets.Cache;
import dev.athanor.otp.ets.Tables;
import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.quarkus.Supervised;
import dev.athanor.otp.supervisor.ChildSpec;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The pages fetched lately, in the table `processor.pages` that a process of its own owns: for an
/// hour, one that could not be had for a minute, 10,000 at most. However many ask for a page at
/// once, it is fetched once. Without the process (while it is restarted) every page is fetched.
@ApplicationScoped
class KnownPages implements Supervised {
  private static final Logger LOG = Logger.getLogger(KnownPages.class);
  private static final Duration FRESH = Duration.ofHours(1);
  private static final Duration FAILED = Duration.ofMinutes(1);
  private static final int MOST = 10_000;

  private final PageFetcher fetcher;
  private final Tables tables;

  /// Written by the owner's process when it starts.
  private volatile @Nullable Cache<String, Optional<Page>> cache;

  @Inject
  KnownPages(PageFetcher fetcher, Node node) {
    this.fetcher = fetcher;
    this.tables = new Tables(node);
  }

  @Override
  public int order() {
    return 100;
  }

  @Override
  public List<ChildSpec> children() {
    return List.of(ChildSpec.<Void>process("processor.pages", Owner::new));
  }

  /// The page at this address; empty when there is none to be had. Never fails; any thread.
  CompletionStage<Optional<Page>> get(String address) {
    Cache<String, Optional<Page>> known = cache;
    return known == null ? fetch(address) : known.get(address, this::fetch);
  }

  private CompletionStage<Optional<Page>> fetch(String address) {
    return fetcher
        .fetch(address, LinkFetching.EACH)
        .otherwise(
            failure -> {
              LOG.debugf("No card for %s: %s", address, failure.getMessage());
              return Optional.empty();
            })
        .toCompletionStage();
  }

  private final class Owner implements Behavior<Void> {
    @Override
    public void onStart(Self<Void> self) {
      cache =
          Cache.<String, Optional<Page>>named("processor.pages")
              .maximumSize(MOST)
              .expireAfterWrite((_, page) -> page.isPresent() ? FRESH : FAILED)
              .owner(self.pid())
              .create(tables);
    }

    @Override
    public void onMessage(Self<Void> self, Void message) {
      throw new AssertionError("a process without messages got one");
    }
  }
}
