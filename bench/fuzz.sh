#!/usr/bin/env bash
# Every fuzz target beyond its seeds: ./test fuzz [SECONDS each, default 60]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=${1:-60} failed=0
while IFS=: read -r file _; do
  class=$(basename "$file" .java) module=${file%%/*}
  while read -r method; do
    echo "== $class.$method for $seconds s"
    JAZZER_FUZZ=1 mvn -q -B -ntp -pl "$module" -am test -Dsurefire.failIfNoSpecifiedTests=false \
      -Dtest="$class#$method" -Djazzer.max_duration="${seconds}s" || { failed=$((failed + 1)); echo "FAILED: $class.$method"; }
  done < <(grep -A3 '@FuzzTest' "$file" | sed -n 's/.*void \([A-Za-z0-9_]*\)(.*/\1/p')
done < <(grep -rl '@FuzzTest' --include='*.java' mail server | sort)
[ "$failed" = 0 ]
