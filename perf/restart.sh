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
measure() {
  heading "From the kill to the successor's init, name taken"
  tool RestartMeter "$@"
}
report restart measure "$@"
