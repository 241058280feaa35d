package dev.athanor.domain.charges;

import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.InvalidContent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Charging a reader: the example of an operation that must happen once. Money that is taken
/// elsewhere would be taken with the same key, which every payment service knows what to do with.
/// Any thread; nothing blocks.
@ApplicationScoped
public class Charges {
  private static final Set<String> CURRENCIES = Set.of("EUR", "GBP", "USD");
  private static final long MOST = 1_000_000;

  private static final String INSERT =
      """
      INSERT INTO charge (id, reader_id, cents, currency) VALUES (:id, :reader, :cents, :currency)
      """;

  private final IdempotencyKeys keys;

  @Inject
  Charges(IdempotencyKeys keys) {
    this.keys = keys;
  }

  /// Charges the reader once for this key, however often it is called with it.
  ///
  /// @param key the caller's name for this charge, see [IdempotencyKeys]
  /// @param cents 1 to 1,000,000, else [InvalidContent]
  /// @param currency EUR, GBP or USD, else [InvalidContent]
  /// @return the id of the charge, the same each time
  public Uni<UUID> charge(UUID reader, String key, long cents, String currency) {
    List<FieldError> errors = new ArrayList<>();
    if (cents < 1 || cents > MOST) {
      errors.add(new FieldError("cents", "1 to " + MOST, Long.toString(cents)));
    }
    if (!CURRENCIES.contains(currency)) {
      errors.add(new FieldError("currency", "one of EUR, GBP, USD", FieldError.quote(currency)));
    }
    if (!errors.isEmpty()) {
      return Uni.createFrom().failure(new InvalidContent(errors));
    }
    UUID id = UUID.randomUUID();
    return keys.once(
            "charge " + reader,
            key,
            cents + " " + currency,
            unit ->
                unit.session()
                    .createNativeQuery(INSERT)
                    .setParameter("id", id)
                    .setParameter("reader", reader)
                    .setParameter("cents", cents)
                    .setParameter("currency", currency)
                    .executeUpdate()
                    .replaceWith(id.toString()))
        .map(UUID::fromString);
  }
}
