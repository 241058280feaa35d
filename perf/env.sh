# Sourced by the scripts of this folder: a JDK, the jar of the tools, and the heading of a result.

perf_home=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$perf_home/.." && pwd)
. "$root/.mvn/find-jdk.sh"
set +f # the line above leaves it on
java=$JAVA_HOME/bin/java
benchmarks=$perf_home/target/benchmarks.jar
jvm_flags=(-XX:+UseCompactObjectHeaders --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED)

die() {
  echo "$*" >&2
  exit 1
}

# Builds the tools when they are not there or older than their sources.
build_tools() {
  if [ ! -f "$benchmarks" ] ||
    [ -n "$(find "$perf_home/src" "$perf_home/pom.xml" "$root"/otp/*/src/main -newer "$benchmarks" -type f -print -quit)" ]; then
    echo "building $benchmarks" >&2
    (cd "$root" && ./mvnw -q -B -Pperf -pl perf -am -DskipTests package) >&2 || exit 1
  fi
}

# tool CLASS [--name value]...
tool() {
  (become "$@")
}

# become CLASS [--name value]...: the shell is replaced; what runs with & is the tool itself.
become() {
  local main=$1
  shift
  exec "$java" "${jvm_flags[@]}" -cp "$benchmarks" "dev.athanor.perf.load.$main" "$@"
}

# The process that listens on a port of this machine; nothing when it cannot be found.
pid_on_port() {
  ss -Hltnp "sport = :$1" 2>/dev/null | sed -n 's/.*pid=\([0-9]*\).*/\1/p' | head -1
}

command_of() {
  [ -n "${1:-}" ] && tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null || echo "not on this machine"
}

# heading TITLE [SERVER-PID]: when, what, where.
heading() {
  local changed=
  [ -n "$(git -C "$root" status --porcelain --untracked-files=no 2>/dev/null)" ] && changed=", with uncommitted changes"
  cat <<EOF
# $1

- date: $(date -u +%Y-%m-%dT%H:%MZ)
- commit: $(git -C "$root" rev-parse --short=12 HEAD 2>/dev/null || echo unknown)$changed
- machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo | awk '{printf "%.0f GB", $1 / 1048576}'), Linux $(uname -r)
- Java: $("$java" -version 2>&1 | sed -n '2p')
EOF
  [ $# -lt 2 ] || echo "- server: \`$(command_of "$2")\`"
  { env | grep -E '^(QUARKUS|ATHANOR)_' | grep -vE 'PASSWORD|KEY|SECRET|TOKEN|_URL' || true; } | sort | sed 's/.*/- environment: `&`/'
  echo
}

# result NAME: a new file in results/ for today's NAME, never over an old one.
result() {
  local base n=2 file
  base=$perf_home/results/$(date -u +%F)-$1
  file=$base.md
  while [ -e "$file" ]; do
    file=$base-$n.md
    n=$((n + 1))
  done
  echo "$file"
}

# keep NAME FILE: a result for good.
keep() {
  local kept
  kept=$(result "$1")
  cp "$2" "$kept"
  echo "kept in ${kept#"$root"/}" >&2
}

# report NAME COMMAND...: shows what the command prints, and keeps it with record=yes once it has
# succeeded. Not within a condition: set -e would be off in there.
report() {
  local name=$1
  shift
  body=$(mktemp)
  trap 'rm -f "$body"; ! declare -F finish >/dev/null || finish' EXIT
  "$@" | tee "$body"
  [ "$record" = yes ] || return 0
  keep "$name" "$body"
}
