package dev.athanor.otp.channels.pubsub;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One message on its way to the sockets of a topic, with what it was encoded to: each encoding is
/// made when the first subscriber asks for it and shared by all others, on all lanes.
///
/// Shared state: `encodings` is a list that grows at its head under this object's lock and is read
/// without it (volatile); `lanes` counts the lanes that have not finished, and the last of them
/// releases the encodings.
public final class Delivery {
  /// Makes one encoding of a message. Compared by identity.
  ///
  /// @param <E> what it is encoded to
  public interface Encoder<E> {
    /// Encodes a message.
    ///
    /// @param message the message
    /// @return the encoding
    E encode(Broadcast message);

    /// Encodes a numbered message; by default without its number.
    ///
    /// @param message the message
    /// @param offset its number, 0 for none
    /// @return the encoding
    default E encode(Broadcast message, long offset) {
      return encode(message);
    }

    /// Gives an encoding back, after the last subscriber took it.
    ///
    /// @param encoding what [#encode] returned
    void release(E encoding);
  }

  private record Encoding<E>(Encoder<E> encoder, E value, @Nullable Encoding<?> next) {
    void release() {
      encoder.release(value);
    }
  }

  private final Object message;
  private final long offset;
  private final AtomicInteger lanes;
  private volatile @Nullable Encoding<?> encodings;

  Delivery(Object message, int lanes) {
    this(message, 0, lanes);
  }

  Delivery(Object message, long offset, int lanes) {
    this.message = message;
    this.offset = offset;
    this.lanes = new AtomicInteger(lanes);
  }

  /// What was broadcast: a [Broadcast] or a message of the program's own.
  ///
  /// @return the message
  public Object message() {
    return message;
  }

  /// Its number in the history of its topic.
  ///
  /// @return the offset; 0 when the topic is not kept
  public long offset() {
    return offset;
  }

  /// The encoding of the message, made now if nobody asked for it before. Valid during
  /// [Fastlane#deliver].
  ///
  /// @param encoder what encodes
  /// @param <E> what it is encoded to
  /// @return the encoding, shared
  /// @throws IllegalStateException when the message is not a [Broadcast]
  public <E> E encoded(Encoder<E> encoder) {
    Encoding<E> made = find(encoder);
    return made != null ? made.value() : encode(encoder);
  }

  @SuppressWarnings({"unchecked", "ReferenceEquality"})
  private <E> @Nullable Encoding<E> find(Encoder<E> encoder) {
    Encoding<?> made = encodings;
    while (made != null && made.encoder() != encoder) {
      made = made.next();
    }
    return (Encoding<E>) made;
  }

  private synchronized <E> E encode(Encoder<E> encoder) {
    Encoding<E> made = find(encoder);
    if (made != null) {
      return made.value();
    }
    if (!(message instanceof Broadcast broadcast)) {
      throw new IllegalStateException(
          "expected a Broadcast to encode, got " + message.getClass().getName());
    }
    E value = encoder.encode(broadcast, offset);
    encodings = new Encoding<>(encoder, value, encodings);
    return value;
  }

  void laneFinished() {
    if (lanes.decrementAndGet() == 0) {
      synchronized (this) {
        for (Encoding<?> made = encodings; made != null; made = made.next()) {
          made.release();
        }
        encodings = null;
      }
    }
  }
}
