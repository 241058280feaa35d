package dev.athanor.otp.sys;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerSelf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A server to look into.
final class Clerk implements GenServer<Clerk.Ask, String> {
  sealed interface Ask {}

  record Get() implements Ask, Request<String> {}

  record Put(String value) implements Ask {}

  record Fail() implements Ask {}

  final List<String> diary = new ArrayList<>();

  @Override
  public InitResult<String> init(ServerSelf<Ask> self) {
    return InitResult.ok("a");
  }

  @Override
  public Next<String> handleCall(Ask request, From<?> from, String state) {
    return Next.reply(state, state);
  }

  @Override
  public Next<String> handleCast(Ask message, String state) {
    return switch (message) {
      case Put put -> Next.noReply(put.value());
      case Fail _ -> throw new IllegalStateException("failed as told");
      case Get _ -> Next.noReply(state);
    };
  }

  @Override
  public void terminate(ExitReason reason, String state) {
    diary.add("terminate " + reason);
  }

  @Override
  public String codeChange(@Nullable Object oldVersion, String state, @Nullable Object extra) {
    if (extra == null) {
      throw new IllegalArgumentException("nothing extra");
    }
    return state + oldVersion + extra;
  }

  @Override
  public Object formatStatus(String state) {
    return "***";
  }
}
