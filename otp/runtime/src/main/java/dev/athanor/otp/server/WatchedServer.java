package dev.athanor.otp.server;

import dev.athanor.otp.process.Behavior.SystemEvent;
import dev.athanor.otp.process.Behavior.Watcher;
import dev.athanor.otp.process.Behavior.What;
import dev.athanor.otp.process.ExitReason;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The callbacks of a server that somebody watches. It takes their place in the process, so that
/// servers nobody watches pay nothing.
final class WatchedServer<M, S> implements GenServer<M, S> {
  private final GenServer<M, S> bare;
  private final Watcher watcher;

  WatchedServer(GenServer<M, S> bare, Watcher watcher) {
    this.bare = bare;
    this.watcher = watcher;
  }

  static <M, S> GenServer<M, S> bare(GenServer<M, S> server) {
    return server instanceof WatchedServer<M, S> watched ? watched.bare : server;
  }

  Watcher watcher() {
    return watcher;
  }

  void tell(What what, @Nullable Object subject, @Nullable Object peer, @Nullable Object state) {
    watcher.saw(new SystemEvent(what, subject, peer, state));
  }

  @Override
  public InitResult<S> init(ServerSelf<M> self) throws Exception {
    return bare.init(self);
  }

  @Override
  public Next<S> handleCall(M request, From<?> from, S state) throws Exception {
    tell(What.IN, request, from, state);
    return told(bare.handleCall(request, from, state), from);
  }

  @Override
  public Next<S> handleCast(M message, S state) throws Exception {
    tell(What.IN, message, null, state);
    return told(bare.handleCast(message, state), null);
  }

  @Override
  public Next<S> handleInfo(Info info, S state) throws Exception {
    tell(What.IN, info instanceof Info.Message(Object message) ? message : info, null, state);
    return told(bare.handleInfo(info, state), null);
  }

  @Override
  public Next<S> handleContinue(Object continuation, S state) throws Exception {
    tell(What.CONTINUE, continuation, null, state);
    return told(bare.handleContinue(continuation, state), null);
  }

  @SuppressWarnings("NullAway") // a null decision is the process's to refuse
  private Next<S> told(Next<S> next, @Nullable From<?> from) {
    switch (next) {
      case Next.Reply<S> reply -> tell(What.OUT, reply.value(), from, reply.state());
      case Next.NoReply<S> none -> tell(What.NO_REPLY, null, null, none.state());
      case Next.Stop<S> stop -> {
        if (stop.replies()) {
          tell(What.OUT, stop.value(), from, stop.state());
        }
      }
      case null -> {}
    }
    return next;
  }

  @Override
  public @Nullable CompletionStage<?> prepareToStop(ExitReason reason, S state) throws Exception {
    return bare.prepareToStop(reason, state);
  }

  @Override
  public void terminate(ExitReason reason, S state) throws Exception {
    tell(What.TERMINATE, reason, null, state);
    bare.terminate(reason, state);
  }

  @Override
  public S codeChange(@Nullable Object oldVersion, S state, @Nullable Object extra)
      throws Exception {
    S next = bare.codeChange(oldVersion, state, extra);
    tell(What.CODE_CHANGE, oldVersion, null, next);
    return next;
  }

  @Override
  public Object formatStatus(S state) {
    return bare.formatStatus(state);
  }
}
