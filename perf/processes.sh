#!/usr/bin/env bash
# What processes weigh, how many fit, how fast they spawn, how fairly they share; see
# perf/README.md. --record keeps the result.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
record=no
if [ "${1-}" = --record ]; then
  record=yes
  shift
fi
build_tools
meter() {
  local heap=$1
  shift
  "$java" "${jvm_flags[@]}" "-Xmx$heap" -cp "$benchmarks" dev.athanor.perf.process.ProcessMeter "$@"
}
body=$(mktemp)
trap 'rm -f "$body"' EXIT
{
  heading "Processes"
  echo "flags: \`${jvm_flags[*]}\`; heap of 3 GB"
  echo
  meter 3g weight 1_000_000
  meter 3g alive "${1:-10_000_000}"
  meter 3g spawn 1_000_000
  meter 3g fairness 3_000
} | tee "$body"
if [ $record = yes ]; then
  file=$(result processes)
  cp "$body" "$file"
  echo "kept in ${file#"$root"/}" >&2
fi
