package dev.athanor.otp.process;

/// A lane as one node uses it: what all processes of a node on a lane share.
record Strand(Node node, Lane lane) {}
