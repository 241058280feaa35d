package dev.athanor.otp.ets;

import org.jspecify.annotations.Nullable;

/// A table was asked for something that it cannot or may not do; ets says `badarg` to all of these.
/// It reaches the caller; a process that lets it through crashes with it.
public sealed class TableException extends RuntimeException {

  TableException(String message) {
    super(message);
  }

  TableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// The table has been deleted, by its owner or with it.
  public static final class Gone extends TableException {
    Gone(String message) {
      super(message);
    }
  }

  /// The table's access does not allow this to a caller that is not its owner.
  public static final class NotAllowed extends TableException {
    NotAllowed(String message) {
      super(message);
    }
  }

  /// The operation needs a key that the table does not hold.
  public static final class NoSuchKey extends TableException {
    NoSuchKey(String message) {
      super(message);
    }
  }

  /// The name already belongs to another table of the node.
  public static final class NameTaken extends TableException {
    NameTaken(String message) {
      super(message);
    }
  }

  /// The process that should own the table is not alive.
  public static final class NoOwner extends TableException {
    NoOwner(String message) {
      super(message);
    }
  }

  /// No table of the node has that name.
  public static final class NoSuchTable extends TableException {
    NoSuchTable(String message) {
      super(message);
    }
  }

  /// A file cannot be written from a table or read as one; the cause, if there is one, says why.
  public static final class BadFile extends TableException {
    BadFile(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
