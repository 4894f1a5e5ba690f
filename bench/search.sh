#!/usr/bin/env bash
# How long lists and searches take, by JMAP and IMAP over loopback: ./test search-figures [MESSAGES]
#   BENCH_HOME=DIR keeps the mailbox there and takes it again, when there is one; JAVA_EXTRA is given to the server's JVM
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
messages=${1:-10000}
./tamanoir --build-only
JAVA_HOME=$(./tamanoir --print-jdk)
[ -d bench/target/classes/tamanoir/bench/sample ] || mvn -q -B -ntp -Dmaven.test.skip=true -pl bench -am package
path=$PWD/bench/target/classes
for jar in app/target/tamanoir/lib/*.jar; do path=$path:$PWD/$jar; done
java=("$JAVA_HOME/bin/java" -Xmx1g -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED "-Djava.library.path=$PWD/app/target/tamanoir/native" -cp "$path")
home=${BENCH_HOME:-$(mktemp -d)}
mkdir -p "$home"
[ -e "$home/.filled" ] || { "${java[@]}" tamanoir.bench.sample.SampleMailbox --home "$home" --messages "$messages" >/dev/null; touch "$home/.filled"; }
# shellcheck disable=SC2086
"${java[@]}" ${JAVA_EXTRA:-} tamanoir.app.Main serve --home "$home" -o inet_interfaces=127.0.0.1 -o inet_protocols=ipv4 -o metrics_port=off \
  -o smtpd_port=0 -o submission_port=0 -o submissions_port=0 -o imap_port=0 -o imaps_port=0 -o pop3_port=0 -o pop3s_port=0 -o managesieve_port=0 \
  -o http_port=0 -o https_port=0 -o auth_failure_delay=0s -o "maillog_file=$home/log" >"$home/out" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; [ -n "${BENCH_HOME:-}" ] || rm -rf "$home"' EXIT
port() { sed -n "s/^ *$1 .*:\([0-9][0-9]*\).*/\1/p" "$home/out" | head -1; }
for _ in $(seq 1200); do
  [ -n "$(port imap)" ] && [ -n "$(port http)" ] && break
  kill -0 $server 2>/dev/null || { cat "$home/out"; exit 1; }
  sleep 0.1
done
echo "$messages messages; $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
"$JAVA_HOME/bin/java" -cp "$path" tamanoir.bench.SearchFigures 127.0.0.1 "$(port imap)" "$(port http)" user001@example.com secret
