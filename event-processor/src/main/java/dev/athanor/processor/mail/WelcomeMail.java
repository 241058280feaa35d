package dev.athanor.processor.mail;

import dev.athanor.domain.mail.Welcomes;
import dev.athanor.domain.mail.Welcomes.Welcome;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.otp.process.Node;
import dev.athanor.processor.events.EventConsumer;
import dev.athanor.processor.events.Ledger;
import dev.athanor.processor.work.WorkItem;
import dev.athanor.processor.work.WorkKind;
import dev.athanor.processor.work.WorkTable;
import dev.athanor.processor.work.WorkTree;
import io.quarkus.mailer.Mail;
import io.quarkus.mailer.reactive.ReactiveMailer;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.mail.SMTPException;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// Welcomes people by mail, at least once. The consumer only writes down that a mail is owed, in
/// the transaction of the ledger; mails are sent beside the events, each by itself, and struck out
/// when the mail server has taken them. Nothing can make sending and striking out one step: a node
/// that dies in between sends the mail again.
///
/// A mail that the server refuses for good is put aside, alone; "not now" and a server that is away
/// are waited for. Only where `athanor.mail.enabled=true`; how to reach the mail server are
/// Quarkus's settings `quarkus.mailer`. Elsewhere nobody is welcomed, and nothing waits for it.
@ApplicationScoped
public class WelcomeMail implements EventConsumer, WorkKind {
  /// How many mails a node sends at once.
  private static final int AT_ONCE = 4;

  /// Replies that are about us and not about the mail: our own account (RFC 4954).
  private static final Set<Integer> OURS = Set.of(530, 534, 535, 538);

  private final Ledger ledger;
  private final WorkTable work;
  private final Node node;
  private final ReactiveMailer mailer;
  private final boolean enabled;

  WelcomeMail(
      Ledger ledger,
      WorkTable work,
      Node node,
      ReactiveMailer mailer,
      @ConfigProperty(name = "athanor.mail.enabled", defaultValue = "false") boolean enabled) {
    this.ledger = ledger;
    this.work = work;
    this.node = node;
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
    return ledger.once(name(), batch, this::note).invoke(() -> WorkTree.wake(node, kind()));
  }

  private Uni<Void> note(SqlConnection transaction, List<DomainEvent> events) {
    return work.add(transaction, kind(), events.stream().map(WelcomeMail::item).toList());
  }

  /// What is no welcome fails here, by the event's own fault.
  private static WorkItem item(DomainEvent event) {
    Welcome.decode(event.payload());
    return WorkItem.of(event.id().toString(), event.seq(), event.payload());
  }

  @Override
  public String kind() {
    return name();
  }

  @Override
  public boolean enabled() {
    return enabled;
  }

  @Override
  public int atOnce() {
    return AT_ONCE;
  }

  @Override
  public Uni<Void> attempt(WorkItem item) {
    return mailer.send(mail(Welcome.decode(item.payload())));
  }

  @Override
  public boolean isHopeless(Throwable failure) {
    @Nullable Throwable cause = failure;
    while (cause != null && !(cause instanceof SMTPException)) {
      cause = cause.getCause();
    }
    return cause instanceof SMTPException reply
        && reply.isPermanent()
        && !OURS.contains(reply.getReplyCode());
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
