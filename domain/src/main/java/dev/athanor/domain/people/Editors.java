package dev.athanor.domain.people;

import dev.athanor.domain.store.Store;
import dev.athanor.domain.store.UnitOfWork;
import io.quarkus.elytron.security.common.BcryptUtil;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The people who may publish: the user `editor`, whose password comes from
/// `ATHANOR_EDITOR_PASSWORD` (property `athanor.editor.password`), else is made up at the first
/// start and printed once. Only its bcrypt hash is stored. A deployment without editors says
/// `athanor.editor.enabled=false`: it prepares nothing and lets nobody in.
@ApplicationScoped
public class Editors {
  /// The name of the only editor there is.
  public static final String EDITOR = "editor";

  /// What bcrypt looks at; a longer password would be a shorter one in disguise.
  private static final int LONGEST_BYTES = 72;

  private static final Logger LOG = Logger.getLogger(Editors.class);

  private final Store store;
  private final Vertx vertx;
  private final boolean enabled;
  private final Optional<String> configured;
  private final VerifiedCredentials verified = new VerifiedCredentials();
  private final Uni<Void> prepared;

  @Inject
  Editors(
      Store store,
      Vertx vertx,
      @ConfigProperty(name = "athanor.editor.enabled", defaultValue = "true") boolean enabled,
      @ConfigProperty(name = "athanor.editor.password") Optional<String> configured) {
    this.store = store;
    this.vertx = vertx;
    this.enabled = enabled;
    this.configured = configured;
    configured.ifPresent(
        password -> {
          if (password.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
            throw new IllegalArgumentException(
                "athanor.editor.password: expected at most "
                    + LONGEST_BYTES
                    + " bytes, got "
                    + password.getBytes(StandardCharsets.UTF_8).length);
          }
        });
    this.prepared = once(this::prepare);
  }

  /// What the first success gives, for good. A failure is told to whoever hears it; who asks next
  /// tries again.
  static <T> Uni<T> once(Supplier<Uni<T>> work) {
    AtomicBoolean failed = new AtomicBoolean();
    return Uni.createFrom()
        .deferred(work::get)
        .onFailure()
        .invoke(() -> failed.set(true))
        .memoize()
        .until(() -> failed.getAndSet(false));
  }

  /// The password is made ready beside the start, which does not wait for it: logins do.
  void start(@Observes StartupEvent event) {
    if (enabled) {
      prepared
          .subscribe()
          .with(
              _ -> {},
              failure ->
                  LOG.error(
                      "The editor's password could not be prepared; logins try again", failure));
    }
  }

  /// Whether this password was the user's within the last minute. Any thread; quick.
  public boolean knows(String user, String password) {
    return enabled && verified.contains(verified.key(user, password));
  }

  /// Whether that is the user's password. Any thread; the expensive comparison runs on a worker,
  /// and a password that was right is known for a minute so that every request may carry it. Names
  /// that nobody has are not compared: the one there is is no secret.
  public Uni<Boolean> authenticate(String user, String password) {
    if (!enabled
        || !user.equals(EDITOR)
        || password.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
      return Uni.createFrom().item(false);
    }
    VerifiedCredentials.Key key = verified.key(user, password);
    if (verified.contains(key)) {
      return Uni.createFrom().item(true);
    }
    return prepared
        .chain(() -> hash(EDITOR))
        .chain(
            hash ->
                onWorker(
                    () -> {
                      boolean right = hash != null && BcryptUtil.matches(password, hash);
                      if (right) {
                        verified.add(key);
                      }
                      return right;
                    }));
  }

  private Uni<@Nullable String> hash(String user) {
    return store.read(
        session ->
            session
                .find(EditorEntity.class, user)
                .<@Nullable String>map(editor -> editor == null ? null : editor.hash));
  }

  private Uni<Void> prepare() {
    return hash(EDITOR)
        .chain(
            hash -> {
              if (configured.isEmpty()) {
                return hash == null ? makeUp() : Uni.createFrom().voidItem();
              }
              return set(configured.get(), hash);
            });
  }

  private Uni<Void> set(String password, @Nullable String current) {
    return onWorker(
            () ->
                current != null && BcryptUtil.matches(password, current)
                    ? ""
                    : BcryptUtil.bcryptHash(password))
        .chain(
            hash ->
                hash.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : store
                        .write(unit -> insert(unit, hash, "DO UPDATE SET hash = excluded.hash"))
                        .replaceWithVoid());
  }

  private Uni<Void> makeUp() {
    byte[] random = new byte[15];
    new SecureRandom().nextBytes(random);
    String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    return onWorker(() -> BcryptUtil.bcryptHash(password))
        .chain(hash -> store.write(unit -> insert(unit, hash, "DO NOTHING")))
        .invoke(
            inserted -> {
              if (inserted > 0) {
                LOG.infof("editor password: %s", password);
              }
            })
        .replaceWithVoid();
  }

  private static Uni<Integer> insert(UnitOfWork unit, String hash, String onConflict) {
    return unit.session()
        .createNativeQuery(
            "INSERT INTO editor (name, hash) VALUES (:name, :hash) ON CONFLICT (name) "
                + onConflict)
        .setParameter("name", EDITOR)
        .setParameter("hash", hash)
        .executeUpdate();
  }

  private <T> Uni<T> onWorker(Callable<T> work) {
    return Uni.createFrom()
        .completionStage(() -> vertx.executeBlocking(work, false).toCompletionStage());
  }
}
