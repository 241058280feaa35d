package dev.athanor.otp.channels.transport;

import io.netty.buffer.ByteBuf;

/// One open connection as a session sees it (`Phoenix.Socket.Transport`): takes encoded messages
/// and tells a [Listener] what comes from the other side.
///
/// Everything happens on the event loop of the connection's session, which is also the only thread
/// that may call these methods. After the end all of them do nothing.
public interface Transport {
  /// What happens on a connection, told on its event loop.
  interface Listener {
    /// A whole message arrived.
    ///
    /// @param message the bytes, the receiver's to keep; valid UTF-8 when it is text
    /// @param binary whether it came as binary
    void onMessage(byte[] message, boolean binary);

    /// Something arrived that costs time and is no message: a part of one, a ping, a pong. For
    /// those who count; by default nothing.
    default void onFragment() {}

    /// The connection is no more, or only waits for the peer's goodbye. Called once.
    ///
    /// @param code the code it was closed with; 1006 when the connection just broke
    void onClosed(int code);

    /// The peer reads slower than we write: more than the limit waits. The connection is ended
    /// right after this.
    ///
    /// @param waiting how many bytes
    void onOverflow(long waiting);
  }

  /// Writes one encoded message; nothing need leave before [#flush]. After the end of the
  /// connection it is dropped.
  ///
  /// @param frame what to send, encoded for this kind of transport; this method releases it
  void write(ByteBuf frame);

  /// Sends what was written.
  void flush();

  /// Writes one encoded message that other connections send too, and flushes. After the end of the
  /// connection nothing happens.
  ///
  /// @param frame what to send, as for [#write]; it stays the caller's, its indices untouched
  default void share(ByteBuf frame) {
    write(frame.retainedDuplicate());
    flush();
  }

  /// Ends the connection in order, with this code where the transport knows codes, and hands on no
  /// further message. Idempotent.
  ///
  /// @param code why, a close code of RFC 6455
  void close(int code);

  /// Ends the connection without waiting for anything.
  void abort();

  /// Hands on no further message until [#resume]; what arrives meanwhile waits.
  void pause();

  /// Goes on handing on messages, with what has been waiting first.
  void resume();

  /// Whether anything was heard of the peer since the last call.
  ///
  /// @return true when anything came, or when the transport looks after silent peers itself
  boolean takeHeard();
}
