#!/usr/bin/env bash
# Times publishing to 100 joined readers and prints a Markdown result; see perf/README.md.
# The editor's password comes from ATHANOR_EDITOR_PASSWORD. --record keeps the result.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
record=no
url=http://127.0.0.1:8080
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --record) record=yes; shift ;;
    --url) url=${2%/}; shift 2 ;;
    *) arguments+=("$1"); shift ;;
  esac
done
build_tools
measure() {
  heading "Delivery: from publishing to the readers" "$(pid_on_port "${url##*:}" || true)"
  tool DeliveryMeter --url "$url" "${arguments[@]}"
}
report delivery measure
