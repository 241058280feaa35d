package dev.athanor.otp.examples;

import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerSelf;
import java.util.concurrent.CompletionStage;

/// Counts. Adding is a cast, because nobody waits for it; reading is a call.
final class Counter implements GenServer<Counter.Message, Long> {
  sealed interface Message {}

  record Add(long amount) implements Message {}

  record Read() implements Message, Request<Long> {}

  static void add(Pid<Message> counter, long amount) {
    GenServer.cast(counter, new Add(amount));
  }

  static CompletionStage<Long> read(Pid<Message> counter) {
    return GenServer.call(counter, new Read());
  }

  @Override
  public InitResult<Long> init(ServerSelf<Message> self) {
    return InitResult.ok(0L);
  }

  @Override
  public Next<Long> handleCast(Message message, Long count) {
    return switch (message) {
      case Add add -> Next.noReply(count + add.amount());
      case Read _ -> throw new IllegalArgumentException("Read is called and not cast");
    };
  }

  @Override
  public Next<Long> handleCall(Message request, From<?> from, Long count) {
    return switch (request) {
      case Read read -> Next.reply(read, count, count);
      case Add _ -> throw new IllegalArgumentException("Add is cast and not called");
    };
  }
}
