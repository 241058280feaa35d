package dev.athanor.otp.quarkus.channels;

import dev.athanor.otp.channels.Channel;
import dev.athanor.otp.channels.Drain;
import dev.athanor.otp.channels.Endpoint;
import dev.athanor.otp.channels.Limits;
import dev.athanor.otp.channels.Origins;
import dev.athanor.otp.channels.longpoll.LongPolling;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.quarkus.Supervised;
import dev.athanor.otp.quarkus.declared.BeforeStop;
import dev.athanor.otp.quarkus.declared.DeclaredChannels;
import dev.athanor.otp.supervisor.ChildSpec;
import io.quarkus.arc.Arc;
import io.quarkus.arc.DefaultBean;
import io.quarkus.arc.InjectableBean;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Makes the application's PubSub and its endpoint, with the channels the build found, and lets
/// sockets in below `athanor.channels.path`. The endpoint is a child of the application's tree,
/// with what takes in work; sockets are drained before, while the HTTP server stands. Without a
/// declared channel nothing is served.
@Singleton
final class Sockets implements Supervised, BeforeStop {
  private static final int BEFORE_PAGES = -200;
  private static final int TAKES_IN_WORK = 300;

  /// What a drain may take beyond its patience: closed connections' channels have their last
  /// callbacks.
  private static final Duration LAST_MOMENTS = Duration.ofSeconds(10);

  private final ChannelsConfig config;
  private final DeclaredChannels declared;
  private final Endpoint endpoint;

  @Inject
  Sockets(
      Node node,
      PubSub pubSub,
      ChannelsConfig config,
      DeclaredChannels declared,
      @Any Instance<Channel> channels,
      @Any Instance<SocketConnect> connect) {
    this.config = config;
    this.declared = declared;
    Endpoint.Builder builder =
        Endpoint.builder(node, pubSub)
            .limits(limits(config))
            .origins(origins(config))
            .drain(drain(config));
    for (Map.Entry<String, String> each : declared.classes().entrySet()) {
      builder.channel(each.getKey(), factory(channels, each.getValue()));
    }
    if (config.longPolling()) {
      builder.longPoll(new LongPolling(config.longPollingWindow(), config.longPollingMaxBody()));
    }
    if (connect.isAmbiguous()) {
      throw new IllegalStateException(
          "expected at most one bean that is a SocketConnect, got "
              + connect.handlesStream().map(each -> each.getBean().getBeanClass()).toList());
    }
    if (!connect.isUnsatisfied()) {
      builder.connect(connect.get()::connect);
    }
    endpoint = builder.build();
  }

  private static Limits limits(ChannelsConfig config) {
    return Limits.DEFAULT
        .withIdleTimeout(config.idleTimeout())
        .withMaxFrame(config.maxFrame())
        .withMaxChannels(config.maxChannels())
        .withMaxMessagesPerSecond(config.maxMessagesPerSecond())
        .withMaxOutbound(config.maxOutbound());
  }

  private static Drain drain(ChannelsConfig config) {
    ChannelsConfig.Drain drain = config.drain();
    return new Drain(drain.batch(), drain.interval(), drain.patience());
  }

  private static Origins origins(ChannelsConfig config) {
    List<String> allowed = config.origins().orElse(List.of());
    return allowed.equals(List.of("*"))
        ? Origins.any()
        : Origins.of(allowed.toArray(String[]::new));
  }

  /// An instance for each join, made by the container without a scope.
  private static Supplier<Channel> factory(Instance<Channel> channels, String className) {
    for (Instance.Handle<Channel> handle : channels.handles()) {
      if (handle.getBean().getBeanClass().getName().equals(className)) {
        InjectableBean<Channel> bean = (InjectableBean<Channel>) handle.getBean();
        return () -> Arc.container().instance(bean).get();
      }
    }
    throw new IllegalStateException("expected a bean of " + className + ", got none");
  }

  /// An application whose nodes hear each other makes one of its own, with an adapter.
  @Produces
  @Singleton
  @DefaultBean
  static PubSub pubSub(Node node) {
    return new PubSub(node);
  }

  @Produces
  @Singleton
  Endpoint endpoint() {
    return endpoint;
  }

  void routes(@Observes Router router) {
    if (!declared.classes().isEmpty()) {
      String path = config.path().replaceAll("/+$", "");
      serve(router, path + "/websocket");
      if (config.longPolling()) {
        serve(router, path + "/longpoll");
      }
    }
  }

  private void serve(Router router, String path) {
    router.route(path).order(BEFORE_PAGES).handler(context -> endpoint.handle(context.request()));
  }

  @Override
  public void beforeStop() {
    if (declared.classes().isEmpty()) {
      return;
    }
    Duration limit = config.drain().patience().plus(LAST_MOMENTS);
    try {
      endpoint.drain().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IllegalStateException("expected sockets to be drained within " + limit, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int order() {
    return TAKES_IN_WORK;
  }

  @Override
  public List<ChildSpec> children() {
    return declared.classes().isEmpty() ? List.of() : List.of(endpoint.child("athanor.channels"));
  }

  DeclaredChannels declared() {
    return declared;
  }
}
