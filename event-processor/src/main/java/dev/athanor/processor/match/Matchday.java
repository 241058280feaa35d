package dev.athanor.processor.match;

import dev.athanor.processor.retry.Backoff;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// What all match processes of a node share.
///
/// @param checkpoints where they keep what must survive them
/// @param clock the wall clock
/// @param backoff how long they wait for a failing database
/// @param random what spreads them
/// @param board where they show how they stand
/// @param meters what they report
record Matchday(
    Checkpoints checkpoints,
    InstantSource clock,
    Backoff backoff,
    RandomGenerator random,
    MatchBoard board,
    MatchMeters meters) {}
