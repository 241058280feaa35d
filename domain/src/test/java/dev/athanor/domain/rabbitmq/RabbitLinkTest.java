package dev.athanor.domain.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RabbitLinkTest {

  @Test
  void pause_attemptAfterAttempt_growsUntilTheLinkStands() {
    RabbitLink link = new RabbitLink(new Topology(null), "testing");

    assertThat(pauses(link, 6)).containsExactly(500L, 1_000L, 2_000L, 4_000L, 5_000L, 5_000L);
    link.stands();
    assertThat(link.pause()).isEqualTo(Duration.ofMillis(500));
  }

  private static List<Long> pauses(RabbitLink link, int count) {
    return Stream.generate(link::pause).limit(count).map(Duration::toMillis).toList();
  }
}
