package dev.athanor.domain.charges;

import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.store.Store;
import dev.athanor.domain.store.UnitOfWork;
import dev.athanor.domain.validation.InvalidContent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.function.Function;

/// Lets a request have one effect however often it is sent: what the header `Idempotency-Key` is
/// for. The sender names its request with a key that it makes up, and sends the same again when it
/// has no answer.
///
/// - The first time, the effect happens, and key and answer are stored in its transaction.
/// - The same key with the same request is answered with the stored answer.
/// - The same key with another request is refused with 422: it is a mistake of the sender's.
/// - Two at once: the later waits for the transaction of the earlier, and gets its answer; when the
///   earlier fails, the effect of the later happens.
///
/// A request that fails or is refused leaves nothing, not even its key. Keys are kept for as long
/// as nobody calls [#forgetOlderThan]. Any thread; nothing blocks.
@ApplicationScoped
public class IdempotencyKeys {
  /// The most characters of a key: 200.
  public static final int LONGEST_KEY = 200;

  private static final String TAKE =
      """
      INSERT INTO idempotency_key (scope, key, request) VALUES (:scope, :key, :request)
      ON CONFLICT DO NOTHING
      """;

  private static final String KNOWN =
      "SELECT request, answer FROM idempotency_key WHERE scope = :scope AND key = :key";

  private static final String ANSWER =
      "UPDATE idempotency_key SET answer = :answer WHERE scope = :scope AND key = :key";

  private static final String FORGET =
      "DELETE FROM idempotency_key WHERE created_at < now() - make_interval(secs => :seconds)";

  private final Store store;

  @Inject
  IdempotencyKeys(Store store) {
    this.store = store;
  }

  /// Runs the work unless it has been done under this key.
  ///
  /// @param scope what keys are unique in: the operation and whose it is
  /// @param key the sender's name for the request, 1 to 200 characters, else [InvalidContent]
  /// @param request what is asked for; two requests are the same when these are equal
  /// @param work the effect, in the transaction it is given, and what to answer
  /// @return the answer: the work's, or the one it gave before
  public Uni<String> once(
      String scope, String key, String request, Function<UnitOfWork, Uni<String>> work) {
    if (key.isBlank() || key.length() > LONGEST_KEY) {
      return Uni.createFrom()
          .failure(
              InvalidContent.of(
                  "Idempotency-Key",
                  "1 to " + LONGEST_KEY + " characters",
                  key.isBlank() ? "nothing" : key.length() + " characters"));
    }
    byte[] hash = hash(request);
    return store.write(
        unit ->
            unit.session()
                .createNativeQuery(TAKE)
                .setParameter("scope", scope)
                .setParameter("key", key)
                .setParameter("request", hash)
                .executeUpdate()
                .chain(
                    taken ->
                        taken == 0
                            ? known(unit, scope, key, hash)
                            : work.apply(unit).chain(answer -> keep(unit, scope, key, answer))));
  }

  /// Forgets keys that are older: a request sent again later than that has its effect again.
  ///
  /// @return how many were forgotten
  public Uni<Integer> forgetOlderThan(Duration age) {
    return store.write(
        unit ->
            unit.session()
                .createNativeQuery(FORGET)
                .setParameter("seconds", (double) age.toSeconds())
                .executeUpdate());
  }

  private static Uni<String> known(UnitOfWork unit, String scope, String key, byte[] hash) {
    return unit.session()
        .createNativeQuery(KNOWN, Object[].class)
        .setParameter("scope", scope)
        .setParameter("key", key)
        .getSingleResult()
        .map(
            row -> {
              if (!MessageDigest.isEqual((byte[]) row[0], hash)) {
                throw new Refused(
                    Problem.of(
                        422,
                        "idempotency-key-reused",
                        "The key stands for another request",
                        "Expected the request that was sent with this Idempotency-Key before, got"
                            + " another one. Nothing was done."));
              }
              return (String) row[1];
            });
  }

  private static Uni<String> keep(UnitOfWork unit, String scope, String key, String answer) {
    return unit.session()
        .createNativeQuery(ANSWER)
        .setParameter("answer", answer)
        .setParameter("scope", scope)
        .setParameter("key", key)
        .executeUpdate()
        .replaceWith(answer);
  }

  private static byte[] hash(String request) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(request.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
