package dev.athanor.otp.ets;

/// One object of a table: a key and a value. Both should be immutable; a table hands out what was
/// put in, not a copy.
public record Entry<K, V>(K key, V value) {}
