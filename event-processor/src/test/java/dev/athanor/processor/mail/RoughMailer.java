package dev.athanor.processor.mail;

import io.quarkus.mailer.Mail;
import io.quarkus.mailer.reactive.ReactiveMailer;
import io.quarkus.test.Mock;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.mail.SMTPException;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.ConnectException;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A mail server in memory that refuses some addresses, sends others away once, and can be away
/// itself. Mails that are sent together go side by side, and fail together, as the real mailer's.
@Mock
@ApplicationScoped
class RoughMailer implements ReactiveMailer {
  /// Addresses that begin so are refused for good.
  static final String REFUSED = "refused-";

  /// Addresses that begin so are told "not now" the first time.
  static final String GREYLISTED = "grey-";

  private final Queue<Mail> sent = new ConcurrentLinkedQueue<>();
  private final Set<String> met = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refusals = new AtomicInteger();
  private volatile boolean away;

  void away(boolean now) {
    away = now;
  }

  int refusals() {
    return refusals.get();
  }

  List<Mail> sentTo(String address) {
    return sent.stream().filter(mail -> mail.getTo().contains(address)).toList();
  }

  static SMTPException reply(int code) {
    return new SMTPException("not accepted", code, List.of(code + " no"), true);
  }

  @Override
  public Uni<Void> send(Mail... mails) {
    return Uni.join()
        .all(Stream.of(mails).map(this::send).toList())
        .andCollectFailures()
        .replaceWithVoid();
  }

  private Uni<Void> send(Mail mail) {
    String address = mail.getTo().getFirst();
    if (away) {
      refusals.incrementAndGet();
      return Uni.createFrom().failure(new ConnectException("Connection refused"));
    }
    if (address.startsWith(REFUSED)) {
      return Uni.createFrom().failure(reply(550));
    }
    if (address.startsWith(GREYLISTED) && met.add(address)) {
      return Uni.createFrom().failure(reply(451));
    }
    sent.add(mail);
    return Uni.createFrom().voidItem();
  }
}
