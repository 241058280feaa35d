#!/usr/bin/env bash
# Times restarts of supervised servers; see perf/README.md. --record keeps the result.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
record=no
if [ "${1-}" = --record ]; then
  record=yes
  shift
fi
build_tools
body=$(mktemp)
trap 'rm -f "$body"' EXIT
{
  heading "From the kill to the successor's init, name taken"
  tool RestartMeter "$@"
} | tee "$body"
if [ $record = yes ]; then
  file=$(result restart)
  cp "$body" "$file"
  echo "kept in ${file#"$root"/}" >&2
fi
