package dev.athanor.domain.outbox;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/// Two consumers of the channel, as two members of the platform are: the quick one acknowledges at
/// once, the slow one when a test lets it, and refuses what a test tells it to.
@ApplicationScoped
public class RecordingConsumers {
  private final List<DomainEvent> quick = new CopyOnWriteArrayList<>();
  private final List<DomainEvent> slow = new CopyOnWriteArrayList<>();
  private final Set<String> refusedOnce = ConcurrentHashMap.newKeySet();
  private final Set<String> killed = ConcurrentHashMap.newKeySet();
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private final List<Message<DomainEvent>> waiting = new CopyOnWriteArrayList<>();

  @Incoming("events")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  CompletionStage<Void> quick(Message<DomainEvent> message) {
    quick.add(message.getPayload());
    return message.ack();
  }

  @Incoming("events")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  CompletionStage<Void> slow(Message<DomainEvent> message) {
    DomainEvent event = message.getPayload();
    slow.add(event);
    if (refusedOnce.remove(event.key())) {
      return message.nack(new IllegalStateException("refused by the test"));
    }
    if (killed.contains(event.key())) {
      return message.nack(new DeadEvent("no use", new IllegalStateException("the test")));
    }
    if (held.contains(event.key())) {
      waiting.add(message);
      return CompletableFuture.completedStage(null);
    }
    return message.ack();
  }

  public List<DomainEvent> quick(String key) {
    return quick.stream().filter(event -> event.key().equals(key)).toList();
  }

  public List<DomainEvent> slow(String key) {
    return slow.stream().filter(event -> event.key().equals(key)).toList();
  }

  public int all() {
    return slow.size();
  }

  void refuseOnce(String key) {
    refusedOnce.add(key);
  }

  public void kill(String key) {
    killed.add(key);
  }

  public void revive(String key) {
    killed.remove(key);
  }

  public void hold(String key) {
    held.add(key);
  }

  public void release(String key) {
    held.remove(key);
    waiting.removeIf(
        message -> {
          boolean mine = message.getPayload().key().equals(key);
          if (mine) {
            message.ack();
          }
          return mine;
        });
  }
}
