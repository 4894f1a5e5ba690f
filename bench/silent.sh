#!/usr/bin/env bash
# What clients cost that connect and say nothing: ./test bench silent [COUNT, default 5000]
# Twice: while postscreen holds the greeting back, and as sessions that were greeted and wait for a command.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
count=${1:-5000}
ulimit -n $((count + 1000))
./tamanoir --build-only
JAVA_HOME=$(./tamanoir --print-jdk)
export JAVA_HOME
mvn -q -B -ntp -Dmaven.test.skip=true -pl bench -am package
path=$PWD/bench/target/classes
for jar in app/target/tamanoir/lib/*.jar; do path=$path:$PWD/$jar; done
measure() { # NAME SETTING...
  local home pid
  home=$(mktemp -d)
  {
    printf '%s\n' 'myhostname = mail.example.com' 'mydomain = example.com' 'inet_interfaces = 127.0.0.1' \
      'inet_protocols = ipv4' 'mynetworks = 127.0.0.1/32' 'port_offset = 31000' "maillog_file = $home/log" "${@:2}"
  } >"$home/main.cf"
  ./tamanoir serve --home "$home" >"$home/out" 2>&1 &
  pid=$!
  for _ in $(seq 600); do
    if (exec 3<>/dev/tcp/127.0.0.1/31025) 2>/dev/null; then break; fi
    kill -0 $pid 2>/dev/null || { cat "$home/out"; rm -rf "$home"; return 1; }
    sleep 0.1
  done
  echo "== $1"
  "$JAVA_HOME/bin/java" -cp "$path" tamanoir.bench.SilentStrangers 31025 $pid "$count" || echo "FAILED: $1"
  kill $pid
  wait $pid || true
  rm -rf "$home"
}
measure "postscreen holds the greeting back" 'postscreen_greet_action = enforce' 'postscreen_greet_wait = 30s'
measure "greeted, idle sessions" 'postscreen_greet_action = ignore'
