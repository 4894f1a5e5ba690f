#!/usr/bin/env bash
# What the gatekeeper costs: ./test gatekeeper [MESSAGES [ROUNDS]]   (signed mail of a stranger, bare and with everything on, in turns)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
./tamanoir --build-only
JAVA_HOME=$(./tamanoir --print-jdk)
export JAVA_HOME
mvn -q -B -ntp -Dmaven.test.skip=true -pl bench -am package
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
path=$PWD/bench/target/classes
for jar in app/target/tamanoir/lib/*.jar; do path=$path:$PWD/$jar; done
"$JAVA_HOME/bin/java" -Djava.library.path="$PWD/app/target/tamanoir/native" -cp "$path" \
  tamanoir.bench.GatekeeperLoad "$PWD/tamanoir" "$work" "$@" || { tail -n 8 "$work"/*/out "$work"/*/log; exit 1; }
