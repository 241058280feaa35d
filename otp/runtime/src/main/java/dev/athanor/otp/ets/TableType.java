package dev.athanor.otp.ets;

/// How a table tells its objects apart and in which order it walks them (ets: the table type).
public enum TableType {
  /// One value a key; keys are told apart by `equals`. Walked in an order of its own.
  SET,
  /// One value a key; keys are one when their comparator says zero, and are walked in its order.
  ORDERED_SET,
  /// Several values a key, no two of them equal.
  BAG,
  /// Several values a key, equal ones too.
  DUPLICATE_BAG
}
