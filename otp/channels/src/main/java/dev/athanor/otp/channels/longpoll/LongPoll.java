package dev.athanor.otp.channels.longpoll;

import dev.athanor.otp.channels.transport.CloseCode;
import dev.athanor.otp.channels.transport.Transport;
import dev.athanor.otp.channels.transport.Utf8;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Scheduler;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The connection of one polling client (`Phoenix.Transports.LongPoll.Server`): keeps the messages
/// for it until it asks, and takes those it posts one after the other.
///
/// It knows nothing of HTTP: requests are a [Poll] and a [Post]. Confined to one lane, on which
/// everything happens and all methods must be called.
public final class LongPoll implements Transport {
  /// A client that waits for messages. Answered once, on the lane.
  @FunctionalInterface
  public interface Poll {
    /// Here you are.
    ///
    /// @param status one of [Status]
    /// @param messages the messages as JSON strings with commas between them; empty for none
    void answer(int status, byte[] messages);
  }

  /// A client that waits for its messages to be taken. Answered once, on the lane.
  @FunctionalInterface
  public interface Post {
    /// They were taken, or not.
    ///
    /// @param status one of [Status]
    void answer(int status);
  }

  /// One message a client posts.
  public static final class Posted {
    private final byte[] bytes;
    private final boolean binary;

    /// A message.
    ///
    /// @param bytes the bytes, the receiver's to keep
    /// @param binary whether they are a binary message
    public Posted(byte[] bytes, boolean binary) {
      this.bytes = bytes;
      this.binary = binary;
    }
  }

  /// What stands in the inbox after the last message of a request: who is to be told.
  private static final class Receipt {
    private final Post post;
    private boolean given;

    private Receipt(Post post) {
      this.post = post;
    }

    private void give(int status) {
      if (!given) {
        given = true;
        post.answer(status);
      }
    }
  }

  private static final byte[] NOTHING = new byte[0];

  private final Lane lane;
  private final Scheduler scheduler;
  private final long windowNanos;
  private final int maxMessage;
  private final int maxOutbound;
  private final Listener listener;
  private final ArrayDeque<Runnable> inbox = new ArrayDeque<>();
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream(256);
  private @Nullable Poll waiting;
  private Scheduler.@Nullable Cancellable timer;
  private boolean paused;
  private boolean draining;
  private boolean closed;

  /// A connection that has just been opened; its client is to poll within one and a half windows.
  ///
  /// @param lane where everything happens
  /// @param scheduler its timers
  /// @param options the window
  /// @param maxMessage how many bytes a message may have
  /// @param maxOutbound how many bytes may wait for the client to ask
  /// @param listener what happens on the connection
  public LongPoll(
      Lane lane,
      Scheduler scheduler,
      LongPolling options,
      int maxMessage,
      int maxOutbound,
      Listener listener) {
    this.lane = lane;
    this.scheduler = scheduler;
    this.windowNanos = options.window().toNanos();
    this.maxMessage = maxMessage;
    this.maxOutbound = maxOutbound;
    this.listener = listener;
    awaitPoll();
  }

  // ---- the client asks -------------------------------------------------------------------------

  /// The client asks for messages. It is answered at once when there are any; otherwise by the next
  /// ones, or with [Status#NOTHING] after a window. An earlier poll that still waits is left to its
  /// own window.
  ///
  /// @param poll who waits
  @SuppressWarnings("ReferenceEquality") // polls are compared by identity
  public void poll(Poll poll) {
    if (closed) {
      poll.answer(Status.NOTHING, NOTHING);
      return;
    }
    Poll earlier = waiting;
    if (earlier != null) {
      schedule(windowNanos, () -> earlier.answer(Status.NOTHING, NOTHING));
    }
    waiting = poll;
    if (pending.size() > 0) {
      flush();
    } else {
      arm(
          windowNanos,
          () -> {
            if (waiting == poll) {
              waiting = null;
              awaitPoll();
              poll.answer(Status.NOTHING, NOTHING);
            }
          });
    }
  }

  /// The request of a poll has broken off: what comes from now on waits for the next one.
  ///
  /// @param poll who waited
  @SuppressWarnings("ReferenceEquality")
  public void brokenOff(Poll poll) {
    if (waiting == poll) {
      waiting = null;
      awaitPoll();
    }
  }

  private void awaitPoll() {
    arm(windowNanos + windowNanos / 2, () -> close(CloseCode.BROKEN));
  }

  private void arm(long nanos, Runnable task) {
    if (timer != null) {
      timer.cancel();
    }
    timer = closed ? null : schedule(nanos, task);
  }

  private Scheduler.Cancellable schedule(long nanos, Runnable task) {
    return scheduler.schedule(nanos, () -> lane.execute(task));
  }

  // ---- the client sends ------------------------------------------------------------------------

  /// The client sends messages, which are handed on in order after all earlier ones.
  ///
  /// @param messages the messages
  /// @param post told [Status#OK] when all were taken, [Status#TIMEOUT] when that takes longer than
  ///   a window, [Status#GONE] when the connection ended meanwhile
  public void post(List<Posted> messages, Post post) {
    Receipt receipt = new Receipt(post);
    for (Posted message : messages) {
      inbox.add(() -> take(message));
    }
    inbox.add(() -> receipt.give(closed ? Status.GONE : Status.OK));
    drain();
    if (!receipt.given) {
      schedule(windowNanos, () -> receipt.give(Status.TIMEOUT));
    }
  }

  private void drain() {
    if (draining) {
      return;
    }
    draining = true;
    try {
      while (!inbox.isEmpty() && (closed || !paused)) {
        inbox.remove().run();
      }
    } finally {
      draining = false;
    }
  }

  private void take(Posted message) {
    if (closed) {
      return;
    }
    if (message.bytes.length > maxMessage) {
      close(CloseCode.TOO_BIG);
    } else if (!message.binary && !Utf8.isValid(message.bytes)) {
      close(CloseCode.NOT_UTF8);
    } else {
      try {
        listener.onMessage(message.bytes, message.binary);
      } catch (RuntimeException failure) {
        close(CloseCode.SERVER_ERROR);
      }
    }
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
    drain();
  }

  // ---- the server sends ------------------------------------------------------------------------

  @Override
  public void write(ByteBuf frame) {
    try {
      if (closed) {
        return;
      }
      if (pending.size() > 0) {
        pending.write(',');
      }
      quote(frame);
      if (pending.size() > maxOutbound) {
        listener.onOverflow(pending.size());
        pending.reset();
        close(CloseCode.POLICY);
      }
    } finally {
      frame.release();
    }
  }

  /// Appends UTF-8 text as a JSON string.
  private void quote(ByteBuf text) {
    pending.write('"');
    for (int i = text.readerIndex(); i < text.writerIndex(); i++) {
      byte c = text.getByte(i);
      if (c == '"' || c == '\\') {
        pending.write('\\');
        pending.write(c);
      } else if (c >= 0 && c < ' ') {
        pending.writeBytes(String.format("\\u%04x", c).getBytes(StandardCharsets.US_ASCII));
      } else {
        pending.write(c);
      }
    }
    pending.write('"');
  }

  @Override
  public void flush() {
    Poll poll = waiting;
    if (poll != null && pending.size() > 0) {
      waiting = null;
      awaitPoll();
      byte[] messages = pending.toByteArray();
      pending.reset();
      poll.answer(Status.OK, messages);
    }
  }

  // ---- the end ---------------------------------------------------------------------------------

  /// Ends the connection. The client learns of it when it polls again: its token is worth nothing
  /// then.
  @Override
  public void close(int code) {
    if (closed) {
      return;
    }
    flush();
    closed = true;
    arm(0, () -> {});
    if (waiting != null) {
      waiting.answer(Status.NOTHING, NOTHING);
      waiting = null;
    }
    pending.reset();
    listener.onClosed(code);
    drain();
  }

  @Override
  public void abort() {
    close(CloseCode.BROKEN);
  }

  /// Always: who does not poll is looked after here.
  @Override
  public boolean takeHeard() {
    return true;
  }
}
