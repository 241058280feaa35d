#!/usr/bin/env bash
# Times the start of the packaged umbrella, plain and with an AOT cache, and weighs it when idle;
# see perf/README.md. --record keeps the result.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
record=no
arguments=(--aot "$perf_home/target/startup.aot" --flags "-XX:+UseCompactObjectHeaders")
while [ $# -gt 0 ]; do
  case $1 in
    --record) record=yes; shift ;;
    *) arguments+=("$1"); shift ;;
  esac
done
build_tools
cd "$root"
measure() {
  heading "Start to first 200, and memory when idle"
  tool StartUpMeter "${arguments[@]}"
}
report startup measure
