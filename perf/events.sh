#!/usr/bin/env bash
# Measures the way of events from the outbox to the consumers; see perf/README.md.
# --broker in-process|rabbitmq, --label NAME; --record keeps the result. Everything else is EventMeter's.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
record=no
broker=in-process
label=
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --record) record=yes; shift ;;
    --broker) broker=$2; shift 2 ;;
    --label) label=$2; shift 2 ;;
    *) arguments+=("$1"); shift ;;
  esac
done
jar=$root/apps/umbrella/target/quarkus-app/quarkus-run.jar
[ -f "$jar" ] || die "expected the packaged umbrella at $jar; build it with ./mvnw -DskipTests package"
build_tools
home=$perf_home/target/events-home
port=$((20000 + RANDOM % 10000))
mkdir -p "$home"
pids=()
finish() {
  for pid in "${pids[@]}"; do
    kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true
  done
}
trap finish EXIT

# A RabbitMQ of our own, in the folder $home/rabbitmq, on 127.0.0.1 alone.
start_rabbitmq() {
  local node=$home/rabbitmq server
  server=$(ls /usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server 2>/dev/null | head -1)
  [ -n "$server" ] || server=$(command -v rabbitmq-server) || die "rabbitmq-server is not installed: apt-get install rabbitmq-server"
  rm -rf "$node" && mkdir -p "$node/log"
  echo '[].' >"$node/plugins"
  echo 'disk_free_limit.absolute = 50MB' >"$node/rabbitmq.conf"
  head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$node/.erlang.cookie"
  chmod 400 "$node/.erlang.cookie"
  export ERL_EPMD_PORT=$((port + 3)) ERL_EPMD_ADDRESS=127.0.0.1
  epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1 &
  pids+=($!)
  HOME=$node RABBITMQ_NODENAME=athanor$port@localhost RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 \
    RABBITMQ_NODE_PORT=$((port + 1)) RABBITMQ_DIST_PORT=$((port + 2)) RABBITMQ_MNESIA_BASE=$node/data \
    RABBITMQ_LOG_BASE=$node/log RABBITMQ_ENABLED_PLUGINS_FILE=$node/plugins RABBITMQ_CONF_ENV_FILE=$node/none \
    RABBITMQ_CONFIG_FILE=$node/rabbitmq RABBITMQ_PID_FILE=$node/pid \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}' \
    "$server" >"$node/output.log" 2>&1 &
  pids=($! "${pids[@]}")
  export ATHANOR_EVENTS_RABBITMQ_URL=amqp://guest:guest@127.0.0.1:$((port + 1))
}

[ "$broker" != rabbitmq ] || start_rabbitmq
export ATHANOR_EVENTS_BROKER=$broker
ATHANOR_HOME=$home QUARKUS_HTTP_HOST=127.0.0.1 QUARKUS_HTTP_PORT=$((port + 4)) \
  QUARKUS_MANAGEMENT_HOST=127.0.0.1 QUARKUS_MANAGEMENT_PORT=$((port + 5)) \
  "$java" ${JAVA_FLAGS:-"${jvm_flags[@]}"} -jar "$jar" >"$perf_home/target/events-umbrella.log" 2>&1 &
umbrella=$!
pids=("$umbrella" "${pids[@]}")
curl -fsS -o /dev/null --retry 90 --retry-all-errors --retry-delay 1 "http://127.0.0.1:$((port + 5))/q/health/ready" 2>/dev/null ||
  die "the umbrella did not answer; see $perf_home/target/events-umbrella.log"
measure() {
  heading "Events from the outbox to the consumers, $broker" "$umbrella"
  tool EventMeter --management "http://127.0.0.1:$((port + 5))" --home "$home" "${arguments[@]}"
}
report "${label:-events-$broker}" measure
