package dev.athanor.otp.examples;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.SupervisorSpec;
import java.util.ArrayList;
import java.util.List;

/// A stack whose items survive its crashes: on its way down it hands them to a stash, and fetches
/// them from there when it comes up. Popping from the empty stack is a crash, as in the book.
///
/// A kill gives it no time to hand anything over: then it comes back with what was stashed last.
final class Stack implements GenServer<Stack.Message, List<String>> {
  sealed interface Message {}

  record Push(String item) implements Message {}

  record Pop() implements Message, Request<String> {}

  /// Keeps what it is given.
  static final class Stash implements GenServer<Stash.Errand, List<String>> {
    sealed interface Errand {}

    record Keep(List<String> items) implements Errand {}

    record Fetch() implements Errand, Request<List<String>> {}

    @Override
    public InitResult<List<String>> init(ServerSelf<Errand> self) {
      return InitResult.ok(List.of());
    }

    @Override
    public Next<List<String>> handleCast(Errand message, List<String> kept) {
      return message instanceof Keep keep ? Next.noReply(keep.items()) : Next.noReply(kept);
    }

    @Override
    public Next<List<String>> handleCall(Errand request, From<?> from, List<String> kept) {
      return Next.reply(kept, kept);
    }
  }

  private Pid<Stash.Errand> stash;

  /// The stash, then the stack, named `stack`: a crash of the stack leaves the stash alone, one of
  /// the stash restarts both.
  static SupervisorSpec tree() {
    return SupervisorSpec.of(
        Strategy.REST_FOR_ONE,
        ChildSpec.server("stash", Stash::new, ServerOptions.named("stash")),
        ChildSpec.server("stack", Stack::new, ServerOptions.named("stack")));
  }

  @Override
  @SuppressWarnings("unchecked")
  public InitResult<List<String>> init(ServerSelf<Message> self) {
    self.trapExit(true);
    stash = (Pid<Stash.Errand>) self.node().whereis("stash");
    return InitResult.later(GenServer.call(stash, new Stash.Fetch()).thenApply(InitResult::ok));
  }

  @Override
  public Next<List<String>> handleCast(Message message, List<String> items) {
    if (message instanceof Push push) {
      List<String> more = new ArrayList<>(items);
      more.addFirst(push.item());
      return Next.noReply(List.copyOf(more));
    }
    return Next.noReply(items);
  }

  @Override
  public Next<List<String>> handleCall(Message request, From<?> from, List<String> items) {
    return Next.reply(items.getFirst(), items.subList(1, items.size()));
  }

  @Override
  public void terminate(ExitReason reason, List<String> items) {
    GenServer.cast(stash, new Stash.Keep(items));
  }
}
