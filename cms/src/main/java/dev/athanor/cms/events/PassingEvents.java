package dev.athanor.cms.events;

import dev.athanor.domain.outbox.DomainEvent;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/// Lets the platform's events pass. Editors' pages ask the database, so nothing here depends on
/// events; but a channel needs somebody at its end, and where cms runs alone nobody else is there.
@ApplicationScoped
public class PassingEvents {
  private static final Logger LOG = Logger.getLogger(PassingEvents.class);

  /// Takes note of the event, at debug level.
  @Incoming("events")
  public void pass(DomainEvent event) {
    LOG.debugf("%s %s", event.type(), event.key());
  }
}
