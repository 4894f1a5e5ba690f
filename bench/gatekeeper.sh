#!/usr/bin/env bash
# The same signed mail to a bare server and to one with the whole gatekeeper on, in turns:
#   ./test bench gatekeeper [ROUNDS] [MESSAGES A ROUND]   ports of loopback from 35000 up
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
./tamanoir --build-only
JAVA_HOME=$(./tamanoir --print-jdk)
export JAVA_HOME
mvn -q -B -ntp -Dmaven.test.skip=true -pl bench -am package
path=$PWD/bench/target/classes
for jar in app/target/tamanoir/lib/*.jar; do path=$path:$PWD/$jar; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$JAVA_HOME/bin/java" -Djava.library.path="$PWD/app/target/tamanoir/native" --enable-native-access=ALL-UNNAMED \
  -cp "$path" tamanoir.bench.gatekeeper.Gatekeeper "$work" ./tamanoir "${1:-5}" "${2:-4000}"
