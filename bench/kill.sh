#!/usr/bin/env bash
# kill -9 under load: ./test kill [ROUNDS] [SEED]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
./tamanoir --build-only
JAVA_HOME=$(./tamanoir --print-jdk)
export JAVA_HOME
mvn -q -B -ntp -DskipTests -pl bench -am package
path=bench/target/classes
for jar in app/target/tamanoir/lib/*.jar; do path=$path:$PWD/$jar; done
exec "$JAVA_HOME/bin/java" -Djava.library.path="$PWD/app/target/tamanoir/native" -cp "$PWD/$path" tamanoir.bench.KillRounds "$@"
