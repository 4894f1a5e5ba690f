#!/usr/bin/env bash
# Figures of this server alone: ./test bench [silent]   (bench/compare.sh runs a peer beside it; bench/README.md has the tables)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case ${1:-} in
  silent) exec "./bench/$1.sh" "${@:2}" ;;
esac
source bench/bench-server.sh
start_bench_server
./tamanoir --build-only
JAVA_HOME=$(./tamanoir --print-jdk)
mvn -q -B -ntp -Dmaven.test.skip=true -pl bench -am package
path=$PWD/bench/target/classes
for jar in app/target/tamanoir/lib/*.jar; do path=$path:$PWD/$jar; done
"$JAVA_HOME/bin/java" -cp "$path" tamanoir.bench.SmtpLoad 127.0.0.1 $((offset + 25)) "$bench_pid"
