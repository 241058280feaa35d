package dev.athanor.domain.readers;

/// Which push service a device hangs on.
public enum DeviceKind {
  /// Apple's.
  APNS("apns"),

  /// The one of the reader's browser.
  WEBPUSH("webpush"),

  /// Google's.
  FCM("fcm");

  private final String wireName;

  DeviceKind(String wireName) {
    this.wireName = wireName;
  }

  /// Its name in JSON and in the database.
  public String wireName() {
    return wireName;
  }

  /// The kind of that name; an `IllegalArgumentException` when there is none.
  public static DeviceKind ofWireName(String name) {
    for (DeviceKind kind : values()) {
      if (kind.wireName.equals(name)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("expected one of apns, webpush, fcm, got " + name);
  }
}
