package dev.athanor.otp.server;

/// A cast on its way, to tell it from a plain message.
record Cast(Object message) {}
