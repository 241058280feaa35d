package dev.athanor.processor.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.campaigns.PushBatch;
import dev.athanor.domain.campaigns.Recipient;
import dev.athanor.domain.readers.DeviceKind;
import dev.athanor.processor.push.PushConnection;
import dev.athanor.processor.push.PushGateway;
import dev.athanor.processor.push.PushOutcome;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands between the workers and a gateway and writes down, apart from them, what was
/// acknowledged to whom, under which ids, and how much was under way at once.
final class Witness implements PushGateway {
  private final PushGateway real;
  private final Map<String, AtomicInteger> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, Set<UUID>> ids = new ConcurrentHashMap<>();
  private final Set<PushConnection> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();

  Witness(PushGateway real) {
    this.real = real;
  }

  @Override
  public DeviceKind kind() {
    return real.kind();
  }

  @Override
  public boolean configured() {
    return true;
  }

  @Override
  public int connections() {
    return real.connections();
  }

  @Override
  public int window() {
    return real.window();
  }

  @Override
  public PushConnection open() {
    PushConnection connection = real.open();
    opened.incrementAndGet();
    AtomicInteger underWay = new AtomicInteger();
    PushConnection watched =
        new PushConnection() {
          @Override
          public CompletionStage<PushOutcome> push(
              UUID id, PushBatch.Story story, Recipient recipient) {
            String token = recipient.device().address();
            ids.computeIfAbsent(token, _ -> ConcurrentHashMap.newKeySet()).add(id);
            mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            return connection
                .push(id, story, recipient)
                .whenComplete(
                    (outcome, failure) -> {
                      underWay.decrementAndGet();
                      lost.addAndGet(failure == null ? 0 : 1);
                      if (outcome instanceof PushOutcome.Delivered) {
                        acknowledged
                            .computeIfAbsent(token, _ -> new AtomicInteger())
                            .incrementAndGet();
                      }
                    });
          }

          @Override
          public void close() {
            open.remove(this);
            connection.close();
          }
        };
    open.add(watched);
    return watched;
  }

  /// Everybody of these has it, and nobody else; nobody twice.
  void assertExactlyOnce(Set<String> tokens) {
    assertThat(acknowledged.keySet()).isEqualTo(tokens);
    assertThat(twice()).isZero();
    assertThat(ids.values()).allSatisfy(each -> assertThat(each).hasSize(1));
  }

  /// Everybody has it, always under one id, and no more than so many got it again.
  void assertAtLeastOnce(Set<String> tokens, int mostTwice) {
    assertThat(acknowledged.keySet()).isEqualTo(tokens);
    assertThat(twice()).isLessThanOrEqualTo(mostTwice);
    assertThat(ids.values()).allSatisfy(each -> assertThat(each).hasSize(1));
  }

  int acknowledged() {
    return acknowledged.size();
  }

  /// How many pushes had no answer.
  int lost() {
    return lost.get();
  }

  int opened() {
    return opened.get();
  }

  int stillOpen() {
    return open.size();
  }

  int mostUnderWay() {
    return mostUnderWay.get();
  }

  private int twice() {
    return acknowledged.values().stream().mapToInt(count -> count.get() - 1).sum();
  }
}
