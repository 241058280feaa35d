package dev.athanor.otp.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.athanor.otp.channels.Connect;
import dev.athanor.otp.channels.ConnectInfo;
import dev.athanor.otp.channels.typed.OnJoin;
import dev.athanor.otp.channels.typed.OnMessage;
import dev.athanor.otp.channels.typed.TypedChannel;
import dev.athanor.otp.quarkus.channels.ChannelTopic;
import dev.athanor.otp.quarkus.channels.SocketConnect;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Singleton;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What cannot work ends the build, all mistakes at once.
class BrokenChannelsTest {
  @RegisterExtension
  static final QuarkusUnitTest APPLICATION =
      new QuarkusUnitTest()
          .withApplicationRoot(
              jar ->
                  jar.addClasses(
                      First.class,
                      Second.class,
                      Wrong.class,
                      Scoped.class,
                      Nothing.class,
                      Pattern.class,
                      Here.class,
                      There.class))
          .assertException(BrokenChannelsTest::refused);

  private static void refused(Throwable failure) {
    assertThat(failure)
        .hasMessageContaining("Channels that cannot work:")
        .hasMessageContaining("expected one channel for 'room:*', got a second beside")
        .hasMessageContaining(
            "Wrong.write (@OnMessage): expected no parameter or one, the payload, got"
                + " (java.lang.String, int)")
        .hasMessageContaining(
            "expected no scope, as each join makes an instance, got" + " @ApplicationScoped")
        .hasMessageContaining("expected a subclass of dev.athanor.otp.channels.Channel")
        .hasMessageContaining("got 'a*b'")
        .hasMessageContaining("expected at most one bean that is a SocketConnect, got [");
  }

  @Test
  void build_withMistakes_fails() {
    fail("the application was built");
  }

  @ChannelTopic("room:*")
  static class First extends TypedChannel {
    @OnJoin
    void join() {}
  }

  @ChannelTopic("room:*")
  static class Second extends TypedChannel {
    @OnJoin
    void join() {}
  }

  @ChannelTopic("wrong")
  static class Wrong extends TypedChannel {
    @OnJoin
    void join() {}

    @OnMessage("write")
    void write(String text, int times) {}
  }

  @ApplicationScoped
  @ChannelTopic("scoped")
  static class Scoped extends TypedChannel {
    @OnJoin
    void join() {}
  }

  @ChannelTopic("nothing")
  static class Nothing {}

  @ChannelTopic("a*b")
  static class Pattern extends TypedChannel {
    @OnJoin
    void join() {}
  }

  @Singleton
  static class Here implements SocketConnect {
    @Override
    public Connect connect(ConnectInfo info) {
      return Connect.accept();
    }
  }

  @Singleton
  static class There implements SocketConnect {
    @Override
    public Connect connect(ConnectInfo info) {
      return Connect.refuse();
    }
  }
}
