#!/usr/bin/env bash
# Athanor's processes beside the BEAM's and Apache Pekko's, on the same cores, one case after the
# other; prints one Markdown table. See perf/README.md.
# perf/otp.sh [--record] [--only "CASE..."] [--systems "beam pekko athanor"]
# PERF_RUN is put before each group of cases: taskset -c 0,1, or whatever keeps others away.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

# Each group takes about a minute.
groups=("memory server_memory alive" "spawn start fanout" "send pingpong" "call registry"
  "restart dynamic fairness" "ets")
measure=
systems="beam pekko athanor"
record=no
while [ $# -gt 0 ]; do
  case $1 in
    --record) record=yes ;;
    --only) groups=("$2"); shift ;;
    --measure) measure=$2; shift ;; # this script, for itself
    --systems) systems=$2; shift ;;
    *) die "expected --record, --only \"CASE...\" or --systems \"...\", got $1" ;;
  esac
  shift
done

memory_flags=(-Xms4g -Xmx4g -XX:+UseParallelGC)
rate_flags=(-Xms3g -Xmx3g -XX:+UseParallelGC)
alive_flags=(-Xmx3g -XX:+UseSerialGC)
beam_flags=(+P 20000000 +S 2:2)
alive_most=10000000

work=$perf_home/target/rivals
# run SYSTEM CASE: name-value lines; a case that fails leaves its cells empty and says so.
run() {
  local flags=("${rate_flags[@]}") heap=()
  case $2 in
    memory | server_memory) flags=("${memory_flags[@]}") ;;
    alive) flags=("${alive_flags[@]}") heap=("$alive_most") ;;
  esac
  case $1 in
    beam) (cd "$work" && timeout 80 erl "${beam_flags[@]}" -noinput -run rivals main "$2") ;;
    pekko) timeout 80 "$java" -Dslf4j.internal.verbosity=ERROR "${jvm_flags[@]}" "${flags[@]}" -cp "$benchmarks" dev.athanor.perf.rivals.Pekko "$2" ;;
    athanor) timeout 80 "$java" "${jvm_flags[@]}" "${flags[@]}" -cp "$benchmarks" dev.athanor.perf.rivals.Athanor "$2" "${heap[@]}" ;;
  esac
}

if [ -n "$measure" ]; then
  for case in $measure; do
    for system in $systems; do
      echo "$case on $system" >&2
      run "$system" "$case" >>"$work/$system.values" || echo "  $case on $system did not end well: $?" >&2
    done
  done
  exit 0
fi

build_tools
mkdir -p "$work"
rm -f "$work"/*.values
if [[ $systems == *beam* ]]; then
  if command -v erl >/dev/null; then
    (cd "$work" && erl -noinput -eval \
      "case c:c(\"$perf_home/src/main/erlang/rivals.erl\") of {ok, _} -> halt(0); _ -> halt(1) end.") >&2
    beam="OTP $(erl -noinput -eval 'io:format("~s, ~p", [erlang:system_info(otp_release), erlang:system_info(emu_flavor)]), halt(0).'), \`erl ${beam_flags[*]}\`"
  else
    echo "no erl on the PATH (apt-get install erlang-base): the column of the BEAM stays empty" >&2
    beam="not installed"
    systems=${systems/beam/}
  fi
fi

for group in "${groups[@]}"; do
  ${PERF_RUN:-} "$0" --systems "$systems" --measure "$group"
done

value() {
  [ -f "$work/$1.values" ] && awk -v n="$2" '$1 == n { v = $2 } END { print v == "" ? "-" : v }' "$work/$1.values" || echo -
}

# row TITLE NAME GOAL
row() {
  echo "| $1 | $(value beam "$2") | $(value pekko "$2") | $(value athanor "$2") | $3 |"
}

table() {
  heading "Processes beside the BEAM's and Pekko's"
  cat <<EOF
- BEAM: ${beam:-not measured}
- Pekko: $(sed -n 's/.*<pekko.version>\(.*\)<.*/\1/p' "$root/pom.xml") typed, default dispatcher with 2 threads
- Java flags: \`${jvm_flags[*]}\`; rates \`${rate_flags[*]}\`, bytes \`${memory_flags[*]}\`, alive \`${alive_flags[*]}\`

| case | BEAM | Pekko | Athanor | goal |
|---|---|---|---|---|
EOF
  row "bytes per idle plain process, 1,000,000 of them" memory_plain 128
  row "bytes per idle supervised server with a small record, 1,000,000" server_memory 256
  row "processes alive and answering in 3 GB, million" alive 10
  row "spawn processes that stay, M/s" spawn 5
  row "start supervised servers, acknowledged, M/s" start 1
  row "send 1 to 1, M/s" send_1 30
  row "send 8 to 1, M/s" send_8 30
  row "ping-pong, one pair (on one loop), M round trips/s" pingpong_1 12
  row "ping-pong, 100 pairs, M round trips/s" pingpong_100 4
  row "ping-pong, one pair on two idle loops, M round trips/s" pingpong_apart -
  row "call, 1 caller to 1 server, M/s" call_1_1 4
  row "call, 100 to 1, M/s" call_100_1 2.5
  row "call, 100 to 100, M/s" call_100_100 3
  row "restart under a supervisor, kill to registered, median us" restart_median 5
  row "restart under a supervisor, p99 us" restart_p99 18
  row "restart among 10,000 dynamic children, median us" dynamic_median 8
  row "restart among 10,000 dynamic children, p99 us" dynamic_p99 -
  row "a light process beside 8 that flood, reply median us" fairness_median -
  row "a light process beside 8 that flood, reply p99 us" fairness_p99 2000
  row "registry lookup, 1 thread, M/s" registry_lookup_1 10
  row "registry lookup, 2 threads, M/s" registry_lookup_2 20
  row "registry register and unregister, M/s" registry_register 2
  row "table of 1,000,000: lookup, 1 thread, M/s" ets_lookup_1 10
  row "table: lookup, 2 threads, M/s" ets_lookup_2 18
  row "table: insert, M/s" ets_insert 5
  row "table: 90 % lookup, 10 % insert, 2 threads, M/s" ets_mixed_2 10
  row "table: 2 threads count on the same 2 keys, M/s" ets_counter_2 25
  row "local message to 100,000 subscribers until the last has it, ms" fanout 12
}

if [ $record = yes ]; then
  file=$(result otp)
  table >"$file"
  cat "$file"
  echo "kept in ${file#"$root"/}" >&2
else
  table
fi
