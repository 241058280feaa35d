#!/usr/bin/env bash
# Loads the posts endpoint with wrk and prints a Markdown result; see perf/README.md.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../env.sh"

url=http://127.0.0.1:8080
duration=20
warmup=20
connections="10 100"
streams=1000
posts=100000
constant=
seed=yes
home=
started=
jar=$root/apps/umbrella/target/quarkus-app/quarkus-run.jar
record=no
label=posts

usage() {
  cat <<EOF
perf/wrk/run.sh [--url $url] [--duration $duration] [--warmup $warmup] [--connections "$connections"]
                [--constant-path PATH] [--start] [--home DIR] [--no-seed] [--record] [--label $label]

  --url            the running server
  --duration       seconds a measurement; --warmup: seconds before the first
  --start          start the packaged umbrella for the run, on a home of its own, and end it
                   afterwards; JAVA_FLAGS and the application's environment are passed on
  --home           the home of the running umbrella (.athanor), where the seeder finds its database
  --constant-path  a path of the server that always answers with the same body; without it
                   a bare Vert.x server is started for the comparison
  --no-seed        do not look whether the 1,000 streams and 100,000 posts are there
  --record         keep the result in perf/results/<date>-<label>.md as well
EOF
}

while [ $# -gt 0 ]; do
  case $1 in
    --url) url=${2%/}; shift 2 ;;
    --duration) duration=$2; shift 2 ;;
    --warmup) warmup=$2; shift 2 ;;
    --connections) connections=$2; shift 2 ;;
    --constant-path) constant=$2; shift 2 ;;
    --start) started=yes; shift ;;
    --home) home=$2; shift 2 ;;
    --no-seed) seed=no; shift ;;
    --record) record=yes; shift ;;
    --label) label=$2; shift 2 ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; die "unknown option $1" ;;
  esac
done

command -v wrk >/dev/null || die "wrk is not installed: apt-get install wrk (Debian, Ubuntu), brew install wrk (macOS)"
command -v curl >/dev/null || die "curl is not installed: apt-get install curl"
host=${url#http://}
port=${host##*:}
case $host in
  127.0.0.1:* | localhost:*) ;;
  *) die "expected a server on this machine such as http://127.0.0.1:8080, got $url" ;;
esac
build_tools
body=$(mktemp)
pair=
umbrella=
finish() {
  rm -f "$body"
  [ -z "$pair" ] || kill "$pair" 2>/dev/null || true
  [ -z "$umbrella" ] || { kill "$umbrella" 2>/dev/null && wait "$umbrella" || true; }
}
trap finish EXIT

if [ -n "$started" ]; then
  [ -f "$jar" ] || die "expected the packaged umbrella at $jar; build it with ./mvnw -DskipTests package"
  home=${home:-$perf_home/target/home}
  mkdir -p "$home"
  ATHANOR_HOME=$home QUARKUS_HTTP_HOST=127.0.0.1 QUARKUS_HTTP_PORT=$port QUARKUS_MANAGEMENT_HOST=127.0.0.1 \
    "$java" ${JAVA_FLAGS:-"${jvm_flags[@]}"} -jar "$jar" >"$perf_home/target/umbrella.log" 2>&1 &
  umbrella=$!
  curl -fsS -o /dev/null --retry 60 --retry-all-errors --retry-delay 1 "$url/" 2>/dev/null ||
    die "the umbrella did not answer; see $perf_home/target/umbrella.log"
else
  curl -fsS -o /dev/null "$url/" ||
    die "nobody answers at $url; add --start, or start the packaged umbrella: java -jar apps/umbrella/target/quarkus-app/quarkus-run.jar"
fi

sample=$url/api/streams/perf-$(printf %04d "$streams")/posts
if [ $seed = yes ]; then
  (cd "$root" && tool Seeder --streams "$streams" --posts "$posts" --home "${home:-.athanor}") >&2
fi
bytes=$(curl -fsS "$sample" | wc -c) || die "expected posts at $sample; run perf/seed.sh"
[ "$bytes" -gt 100 ] || die "expected posts at $sample, got $bytes bytes; run perf/seed.sh"

server=$(pid_on_port "$port" || true)

# run SCRIPT URL CONNECTIONS SECONDS ARGUMENT
run() {
  wrk -t2 -c"$3" -d"$4s" --latency -s "$perf_home/wrk/$1" "$2" -- "$5"
}

row() {
  local out
  out=$(run "$2" "$3" "$4" "$duration" "$5" | sed -n 's/^RESULT //p')
  [ -n "$out" ] || die "wrk gave no result"
  set -- "$1" "$4" $out
  echo "| $1 | $2 | $3 | $4 ms | $5 ms | $6 ms | $7 |" | tee -a "$body"
}

run posts.lua "$url" 10 "$warmup" "$streams" >/dev/null
{
  heading "wrk: posts of a random stream" "$server"
  echo "wrk -t2, $duration s each after $warmup s of warm-up, $streams streams, $bytes bytes a page;"
  echo "server, PostgreSQL and wrk share the cores."
  echo
  echo "| what | connections | requests/s | p50 | p99 | max | errors |"
  echo "|---|---|---|---|---|---|---|"
} | tee "$body"
for c in $connections; do
  row "GET /api/streams/{slug}/posts" posts.lua "$url" "$c" "$streams"
done
if [ -n "$constant" ]; then
  for c in $connections; do
    row "constant body, the same server ($constant)" constant.lua "$url" "$c" "$constant"
  done
else
  pair_port=$((20000 + RANDOM % 20000))
  become ConstantServer --port $pair_port --bytes "$bytes" >/dev/null &
  pair=$!
  curl -fsS -o /dev/null --retry 50 --retry-connrefused --retry-delay 1 "http://127.0.0.1:$pair_port/" 2>/dev/null
  run constant.lua "http://127.0.0.1:$pair_port" 10 $((warmup / 2 + 1)) / >/dev/null
  for c in $connections; do
    row "constant body of $bytes bytes, bare Vert.x" constant.lua "http://127.0.0.1:$pair_port" "$c" /
  done
fi
if [ $record = yes ]; then
  keep "$label" "$body"
fi
