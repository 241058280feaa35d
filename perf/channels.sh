#!/usr/bin/env bash
# Measures what connections with channels cost: memory, joins, broadcasts, echoes, at 10,000, at
# 19,500 and at 100,000 connections; see perf/README.md. --record keeps the result.
# perf/channels.sh --serve [PORT [OPTIONS...]]: only runs the server, for clients of your own.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
record=no
serve=
server_flags="${jvm_flags[*]} -XX:+UseSerialGC -Xmn16m -Xmx1g"
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --record) record=yes; shift ;;
    --serve) serve=${2:-18090}; shift $(($# > 1 ? 2 : 1)) ;;
    --flags) server_flags=$2; shift 2 ;;
    *) arguments+=("$1"); shift ;;
  esac
done
build_tools
if [ -n "$serve" ]; then
  # shellcheck disable=SC2086
  exec "$java" $server_flags -cp "$benchmarks" dev.athanor.perf.load.ChannelServer --port "$serve" \
    ${arguments[@]+"${arguments[@]}"}
fi
files=$(ulimit -n)
[ "$files" -ge 20000 ] || die "expected 20,000 open files to be allowed, got $files; try ulimit -n 20000"
measure() {
  heading "Connections with channels"
  echo "- server flags: \`$server_flags\`"
  echo "- kernel: TCP congestion control $(cat /proc/sys/net/ipv4/tcp_congestion_control)"
  echo
  tool ChannelMeter --flags "$server_flags" ${arguments[@]+"${arguments[@]}"}
  "$java" "${jvm_flags[@]}" -XX:+UseParallelGC -Xms2g -Xmx2g -cp "$benchmarks" dev.athanor.perf.load.PubSubMeter
}
report channels measure
