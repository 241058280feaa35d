#!/usr/bin/env bash
# Runs the JMH benchmarks whose names match the arguments (all without); see perf/README.md.
# perf/jmh.sh [--record] [JMH options] [regular expressions]
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
record=no
if [ "${1-}" = --record ]; then
  record=yes
  shift
fi
build_tools
if [ $record = yes ]; then
  file=$(result jmh)
  {
    heading "JMH"
    echo "flags: \`${jvm_flags[*]} $*\`"
    echo
    echo '```'
    "$java" "${jvm_flags[@]}" -jar "$benchmarks" -jvmArgsAppend "${jvm_flags[*]}" "$@" |
      tee /dev/stderr | sed -n '/^Benchmark /,$p'
    echo '```'
  } >"$file"
  echo "kept in ${file#"$root"/}" >&2
else
  exec "$java" "${jvm_flags[@]}" -jar "$benchmarks" -jvmArgsAppend "${jvm_flags[*]}" "$@"
fi
