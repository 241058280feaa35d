package dev.athanor.processor.campaign;

import dev.athanor.domain.campaigns.PushWork;
import dev.athanor.processor.push.PushGateway;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/// What the processes of a push tree share.
///
/// @param work where work comes from
/// @param gateways the push services that are configured
/// @param timing when to do what
/// @param meters what is counted
/// @param clock what tells how old a story is
/// @param random what delays are drawn from; used by many threads
record PushCrew(
    PushWork work,
    List<PushGateway> gateways,
    PushTiming timing,
    PushMeters meters,
    InstantSource clock,
    RandomGenerator random) {
  PushCrew {
    gateways = gateways.stream().filter(PushGateway::configured).toList();
  }
}
