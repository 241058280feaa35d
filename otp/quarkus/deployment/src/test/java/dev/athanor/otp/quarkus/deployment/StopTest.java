package dev.athanor.otp.quarkus.deployment;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.channels.typed.OnJoin;
import dev.athanor.otp.channels.typed.TypedChannel;
import dev.athanor.otp.quarkus.channels.ChannelTopic;
import io.quarkus.test.QuarkusUnitTest;
import io.quarkus.test.common.http.TestHTTPResource;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// An application that stops tells its clients so before its HTTP server closes their connections.
class StopTest {
  /// The application has a class loader of its own; what outlives it is handed on here.
  private static final String KEPT = "athanor.test.stop";

  @RegisterExtension
  static final QuarkusUnitTest APPLICATION =
      new QuarkusUnitTest()
          .withApplicationRoot(jar -> jar.addClasses(RoomChannel.class))
          .overrideConfigKey("quarkus.http.test-port", "0")
          .overrideConfigKey("quarkus.management.test-port", "0")
          .setAfterUndeployListener(StopTest::readTheEnd);

  @ChannelTopic("room:*")
  static class RoomChannel extends TypedChannel {
    @OnJoin
    void join() {}
  }

  @TestHTTPResource("/")
  URI base;

  @Test
  void socket_openWhenTheApplicationStops_isTold() throws Exception {
    Socket socket = new Socket(base.getHost(), base.getPort());
    System.getProperties().put(KEPT, socket);
    socket.setSoTimeout(10_000);
    socket
        .getOutputStream()
        .write(
            ("GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nHost: "
                    + base.getAuthority()
                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(US_ASCII));
    InputStream in = socket.getInputStream();
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      answer.append((char) in.read());
    }
    assertThat(answer).startsWith("HTTP/1.1 101");
  }

  private static void readTheEnd() {
    try (Socket socket = (Socket) Objects.requireNonNull(System.getProperties().remove(KEPT))) {
      assertThat(socket.getInputStream().readAllBytes())
          .as("a close frame with the code 1012")
          .containsExactly(0x88, 2, 1012 >> 8, 1012 & 0xff);
    } catch (IOException e) {
      throw new AssertionError("expected to be told of the end", e);
    }
  }
}
