#!/usr/bin/env bash
# Starts the packaged umbrella with a heap of 256 MB beside a stand-in for Apple's push service, times a
# campaign to 1,000,000 devices and prints a Markdown result; see perf/README.md. --record keeps it.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
record=no
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --record) record=yes; shift ;;
    *) arguments+=("$1"); shift ;;
  esac
done
app=$root/apps/umbrella/target/quarkus-app/quarkus-run.jar
[ -f "$app" ] || die "expected $app: package it first (./mvnw package -DskipTests)"
build_tools
work=$root/perf/target/push
mkdir -p "$work"
keys=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$keys"
  [ -z "${body-}" ] || rm -f "$body"
}
"$JAVA_HOME/bin/keytool" -genkeypair -alias apns -keyalg EC -groupname secp256r1 -dname CN=localhost \
  -ext san=dns:localhost -validity 30 -storetype PKCS12 -keystore "$keys/apns.p12" -storepass athanor 2>/dev/null
become ApnsStandIn --port 2197 --keystore "$keys/apns.p12" >"$work/apns.log" 2>&1 &
pids+=($!)
trap finish EXIT
for _ in $(seq 100); do grep -q listening "$work/apns.log" && break; sleep 0.1; done
grep -q listening "$work/apns.log" || die "the stand-in did not start, see $work/apns.log"

export ATHANOR_EDITOR_PASSWORD=push-meter-password
port=8090 management=9090
(
  cd "$work"
  exec env ATHANOR_HOME="$work/home" QUARKUS_HTTP_PORT=$port QUARKUS_MANAGEMENT_PORT=$management \
    ATHANOR_PUSH_APNS_KEY="$keys/signing.p8" ATHANOR_PUSH_APNS_KEY_ID=KEYID12345 \
    ATHANOR_PUSH_APNS_TEAM_ID=TEAMID1234 ATHANOR_PUSH_APNS_TOPIC=dev.athanor.news \
    ATHANOR_PUSH_APNS_ENDPOINT=localhost:2197 ATHANOR_PUSH_APNS_TRUSTED_CERTIFICATE="$keys/apns.pem" \
    "$java" -Xmx256m -XX:+UseCompactObjectHeaders -jar "$app"
) >"$work/umbrella.log" 2>&1 &
umbrella=$!
pids+=($umbrella)
for _ in $(seq 600); do
  curl -fs "http://127.0.0.1:$management/q/health/ready" >/dev/null && break
  kill -0 "$umbrella" 2>/dev/null || die "the umbrella ended, see $work/umbrella.log"
  sleep 0.1
done
measure() {
  heading "A campaign to many devices" "$umbrella"
  tool PushMeter --url "http://127.0.0.1:$port" --management "http://127.0.0.1:$management" \
    --home "$work/home" --password "$ATHANOR_EDITOR_PASSWORD" "${arguments[@]}"
}
body=$(mktemp)
measure | tee "$body"
[ "$record" = no ] || keep push "$body"
