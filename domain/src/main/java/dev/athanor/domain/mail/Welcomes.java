package dev.athanor.domain.mail;

import dev.athanor.domain.outbox.Outbox;
import dev.athanor.domain.store.UnitOfWork;
import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.InvalidContent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.regex.Pattern;

/// Welcoming somebody by mail: the example of work that is done at least once. The wish is an event
/// in the transaction of its cause, so that nobody is welcomed who was not stored, and nobody who
/// was is forgotten; event-processor keeps a row for the mail, which it deletes when the mail is
/// sent. A crash in between sends it twice, which is better than not at all. Any thread.
@ApplicationScoped
public class Welcomes {
  /// The type of the event; its payload is a [Welcome] as JSON, its key the address.
  public static final String REQUESTED = "welcome.requested";

  private static final int LONGEST = 254;
  private static final Pattern ADDRESS =
      Pattern.compile("[^\\s@<>\",;]+@[^\\s@<>\",;]+\\.[^\\s@<>\",;]+");

  private final Outbox outbox;

  @Inject
  Welcomes(Outbox outbox) {
    this.outbox = outbox;
  }

  /// Who is to be welcomed.
  ///
  /// @param address the e-mail address
  /// @param name how to call them
  public record Welcome(String address, String name) {
    /// Reads the payload of an event.
    public static Welcome decode(String payload) {
      JsonObject json = new JsonObject(payload);
      return new Welcome(json.getString("address"), json.getString("name"));
    }
  }

  /// Wants somebody to be welcomed once the transaction is committed. Fails with [InvalidContent]
  /// when that is no address.
  public Uni<Void> welcome(UnitOfWork unit, Welcome whom) {
    if (whom.address().length() > LONGEST || !ADDRESS.matcher(whom.address()).matches()) {
      return Uni.createFrom()
          .failure(
              InvalidContent.of("address", "an e-mail address", FieldError.quote(whom.address())));
    }
    String payload =
        new JsonObject().put("address", whom.address()).put("name", whom.name()).encode();
    return outbox.append(unit, REQUESTED, whom.address(), payload, List.of());
  }
}
