package dev.athanor.otp.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.athanor.otp.channels.Connect;
import dev.athanor.otp.channels.ConnectInfo;
import dev.athanor.otp.channels.typed.OnJoin;
import dev.athanor.otp.channels.typed.TypedChannel;
import dev.athanor.otp.quarkus.channels.ChannelTopic;
import dev.athanor.otp.quarkus.channels.SocketConnect;
import io.quarkus.test.QuarkusUnitTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whoever wrote down who may come in and forgot to make it a bean does not let everybody in.
class OpenDoorTest {
  @RegisterExtension
  static final QuarkusUnitTest APPLICATION =
      new QuarkusUnitTest()
          .withApplicationRoot(jar -> jar.addClasses(RoomChannel.class, Door.class))
          .assertException(
              failure ->
                  assertThat(failure)
                      .hasMessageContaining("Channels that cannot work:")
                      .hasMessageContaining(
                          "OpenDoorTest$Door: expected a SocketConnect to be a bean, got a class"
                              + " without a scope"));

  @Test
  void build_withADecisionThatIsNoBean_fails() {
    fail("the application was built");
  }

  @ChannelTopic("room:*")
  static class RoomChannel extends TypedChannel {
    @OnJoin
    void join() {}
  }

  static class Door implements SocketConnect {
    @Override
    public Connect connect(ConnectInfo info) {
      return Connect.refuse();
    }
  }
}
