package dev.athanor.otp.server;

import dev.athanor.otp.process.Self;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// What only the server itself may do; given to `init`, which keeps it in a field. Valid inside the
/// callbacks of the server, as [Self] is.
///
/// [#exit(dev.athanor.otp.process.ExitReason)] stops the server after the current callback, by way
/// of `terminate`. A continuation given to [#await] may reply to calls and change what the
/// server's fields hold; it cannot change the state: use [#pipe] for that.
///
/// @param <M> the protocol of the server
public interface ServerSelf<M> extends Self<M> {
  /// Casts the outcome of a stage to this server.
  ///
  /// @param stage what to wait for
  /// @param toCast makes the message from the value, or from the failure
  /// @param <T> the type of the value
  <T extends @Nullable Object> void pipe(
      CompletionStage<T> stage,
      BiFunction<? super @Nullable T, ? super @Nullable Throwable, ? extends M> toCast);
}
