package dev.athanor.otp.conformance;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Signal;
import dev.athanor.otp.server.CallFailed;
import dev.athanor.otp.server.CallTimeout;
import dev.athanor.otp.server.CallingSelf;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.ServerDown;
import dev.athanor.otp.server.StartResult;
import dev.athanor.otp.supervisor.ChildAnswer;
import dev.athanor.otp.supervisor.ChildCount;
import dev.athanor.otp.supervisor.FailedToStart;
import dev.athanor.otp.task.Task;
import dev.athanor.otp.task.TaskExit;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Prints our values as the terms OTP has for them.
final class Terms {
  /// Several values as one tuple.
  record Tuple(List<Object> elements) {}

  private Terms() {}

  static Tuple tuple(Object... elements) {
    return new Tuple(Arrays.asList(elements));
  }

  static String of(Object value) {
    return switch (value) {
      case null -> "undefined";
      case Tuple tuple ->
          tuple.elements().stream().map(Terms::of).collect(Collectors.joining(",", "{", "}"));
      case Collection<?> list ->
          list.stream().map(Terms::of).collect(Collectors.joining(",", "[", "]"));
      case StartResult<?> result -> start(result);
      case ExitReason reason -> reason(reason);
      case CallFailed failed -> "{exit,{" + call(failed) + ",{gen_server,call,..}}}";
      case Signal.Exit exit -> "{'EXIT'," + of(exit.reason()) + "}";
      case Signal.Down down -> "{'DOWN'," + of(down.reason()) + "}";
      case Info.Exit exit -> "{info,{'EXIT'," + of(exit.reason()) + "}}";
      case Info.Down down -> "{info,{'DOWN'," + of(down.reason()) + "}}";
      case Info.Timeout _ -> "timeout_msg";
      case Info.Message message -> "{info," + of(message.message()) + "}";
      case ChildAnswer answer -> answer(answer);
      case ChildCount count ->
          "[{specs,%d},{active,%d},{supervisors,%d},{workers,%d}]"
              .formatted(count.specs(), count.active(), count.supervisors(), count.workers());
      case FailedToStart failed ->
          "{failed_to_start_child," + of(failed.id()) + "," + of(failed.reason()) + "}";
      case Pid<?> _ -> "#PID";
      case Task.Outcome.Ok<?>(var returned) -> "{ok," + of(returned) + "}";
      case Task.Outcome.Exit<?>(ExitReason reason) -> "{exit," + of(reason) + "}";
      case Task.Outcome.None<?> _ -> "nil";
      case TaskExit exit -> "{exit," + of(exit.reason()) + "}";
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
      default -> value.toString();
    };
  }

  private static String start(StartResult<?> result) {
    return switch (result) {
      case StartResult.Started<?> _ -> "ok";
      case StartResult.Ignored<?> _ -> "ignore";
      case StartResult.Failed<?>(ExitReason.Other(ChildAnswer answer)) -> answer(answer);
      case StartResult.Failed<?>(ExitReason reason) -> "{error," + of(reason) + "}";
      case StartResult.AlreadyStarted<?> _ -> "{error,{already_started,#PID}}";
    };
  }

  private static String reason(ExitReason reason) {
    return switch (reason) {
      case ExitReason.Shutdown(Object detail) when detail != null ->
          "{shutdown," + of(detail) + "}";
      case ExitReason.Crashed(Throwable cause) -> "{" + what(cause) + ",Stack}";
      case ExitReason.Other(Object value) -> of(value);
      case ExitReason.Normal _,
          ExitReason.Shutdown _,
          ExitReason.Kill _,
          ExitReason.Killed _,
          ExitReason.NoProcess _,
          ExitReason.NoConnection _ ->
          reason.toString();
    };
  }

  /// A message of one word, as an atom; otherwise the class.
  private static String what(Throwable cause) {
    String message = cause.getMessage();
    return message != null && message.matches("[a-z_]+")
        ? message
        : cause.getClass().getSimpleName();
  }

  private static String call(CallFailed failed) {
    return switch (failed) {
      case CallTimeout _ -> "timeout";
      case CallingSelf _ -> "calling_self";
      case ServerDown down -> of(down.reason());
      case CallFailed.UnknownName _ -> "noproc";
      case CallFailed.MailboxFull _ -> "mailbox_full";
    };
  }

  private static String answer(ChildAnswer answer) {
    return answer == ChildAnswer.OK
        ? "ok"
        : "{error," + answer.name().toLowerCase(Locale.ROOT) + "}";
  }
}
