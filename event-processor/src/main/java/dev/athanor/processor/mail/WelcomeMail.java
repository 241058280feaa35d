package dev.athanor.processor.mail;

import dev.athanor.domain.mail.Welcomes;
import dev.athanor.domain.mail.Welcomes.Welcome;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.processor.events.EventConsumer;
import io.quarkus.mailer.Mail;
import io.quarkus.mailer.reactive.ReactiveMailer;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// The consumer that welcomes people by mail, at least once: an event is done when the mail server
/// has taken the mail, and comes again until then. It does not use the ledger: nothing can make
/// sending and remembering one step, so it sends first and lets the event be marked after.
///
/// Only where `athanor.mail.enabled=true`; how to reach the mail server are Quarkus's settings
/// `quarkus.mailer`. Elsewhere nobody is welcomed, and nothing waits for it.
@ApplicationScoped
public class WelcomeMail implements EventConsumer {
  private final ReactiveMailer mailer;
  private final boolean enabled;

  WelcomeMail(
      ReactiveMailer mailer,
      @ConfigProperty(name = "athanor.mail.enabled", defaultValue = "false") boolean enabled) {
    this.mailer = mailer;
    this.enabled = enabled;
  }

  @Override
  public String name() {
    return "welcome-mail";
  }

  @Override
  public boolean wants(String type) {
    return enabled && type.equals(Welcomes.REQUESTED);
  }

  @Override
  public Uni<Void> apply(List<DomainEvent> batch) {
    Mail[] mails =
        batch.stream().map(event -> mail(Welcome.decode(event.payload()))).toArray(Mail[]::new);
    return mailer.send(mails);
  }

  private static Mail mail(Welcome whom) {
    return Mail.withText(
        whom.address(),
        "Welcome to Athanor",
        "Hello "
            + whom.name()
            + ",\n\nfrom now on you hear it first. Choose what you follow on any stream's page.\n");
  }
}
