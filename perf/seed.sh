#!/usr/bin/env bash
# Fills the database with 1,000 streams and 100,000 posts; see perf/README.md.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
build_tools
cd "$root"
tool Seeder "$@"
