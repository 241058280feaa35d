package dev.athanor.otp.quarkus.channels;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where sockets come in, who may open one, and how much one connection may ask of the server. */
@ConfigMapping(prefix = "athanor.channels")
public interface ChannelsConfig {
  /** The path of the endpoint; clients connect to it, their transport adds /websocket. */
  @WithDefault("/socket")
  String path();

  /**
   * Origins of pages that may open a socket besides those of the same host: https://host, //host or
   * //*.host each; a single * lets pages from anywhere in.
   */
  Optional<List<String>> origins();

  /** Whether clients may poll where no WebSocket passes; a balancer must bring them back here. */
  @WithDefault("false")
  boolean longPolling();

  /** How long a poll waits for a message. Who does not poll for one and a half of it is gone. */
  @WithDefault("10s")
  Duration longPollingWindow();

  /** How many bytes the messages of one request of a polling client may have; beyond: HTTP 413. */
  @WithDefault("1048576")
  int longPollingMaxBody();

  /**
   * How long a connection may be silent, and a join undecided. Clients send a heartbeat every 30 s.
   */
  @WithDefault("60s")
  Duration idleTimeout();

  /** How many bytes a message may have. A larger one closes the connection with code 1009. */
  @WithDefault("131072")
  int maxFrame();

  /** How many channels a connection may have joined at a time. */
  @WithDefault("100")
  int maxChannels();

  /** How many messages a connection may send in a second. One more closes it with code 1008. */
  @WithDefault("10000")
  int maxMessagesPerSecond();

  /** How many bytes may wait for a reader that is too slow, before its connection is ended. */
  @WithDefault("1048576")
  int maxOutbound();

  /** How connections are told to go when the application stops. */
  Drain drain();

  /** How connections are told to go when the application stops. */
  interface Drain {
    /** How many connections are told at a time. */
    @WithDefault("10000")
    int batch();

    /** The time between two batches. */
    @WithDefault("2s")
    Duration interval();

    /** How long it may take altogether; then those left are closed at once. */
    @WithDefault("10s")
    Duration patience();
  }

  /**
   * The secret that tokens are signed with: at least 32 bytes, the same on all nodes. Without one,
   * development and tests make one up, and production refuses to sign.
   */
  Optional<String> tokenSecret();
}
