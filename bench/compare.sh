#!/usr/bin/env bash
# Tamanoir beside Postfix + Dovecot on this machine, in turns, same drivers (needs ../shared/bench and root).
#   bench/compare.sh [smtp] [imap] [idle] [start]      default: all; tables on standard output
# Environment: SIZES="1024 10240 1048576" SESSIONS="1 10 50" REPEAT=3 N=2000 NBIG=100 DRIVERS="py source"
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=$PWD/../shared/bench
[ -d "$tools" ] || { echo "NOT RUN: $tools is absent"; exit 1; }
source bench/bench-server.sh
out=${OUT:-$(mktemp -d)}
start_bench_server
"$tools/peer-up.sh" --fresh --users 100 --login-perf
peer=$("$tools/peer-pids.sh")
ours=$bench_pid
export N=${N:-2000} NBIG=${NBIG:-100}
[ $# -gt 0 ] || set -- smtp imap idle
for what; do
  case $what in
    smtp)
      for size in ${SIZES:-1024 10240 1048576}; do for sessions in ${SESSIONS:-1 10 50}; do for _ in $(seq "${REPEAT:-3}"); do
        SIZES=$size SESSIONS=$sessions REPEAT=1 DRIVERS=${DRIVERS:-source} SMTP=127.0.0.1:$((offset + 25)) IMAP=127.0.0.1:$((offset + 143)) ROOTS=$ours \
          "$tools/smtp-matrix.sh" >>"$out/smtp-ours.jsonl"
        SIZES=$size SESSIONS=$sessions REPEAT=1 DRIVERS=${DRIVERS:-source} SMTP=127.0.0.1:2525 IMAP=127.0.0.1:2143 ROOTS=$peer \
          "$tools/smtp-matrix.sh" >>"$out/smtp-peer.jsonl"
      done; done; done
      echo "Tamanoir:"; python3 "$tools/summary.py" <"$out/smtp-ours.jsonl"
      echo "Postfix + Dovecot:"; python3 "$tools/summary.py" <"$out/smtp-peer.jsonl" ;;
    imap)
      echo "Tamanoir:"
      python3 "$tools/imap_load.py" --imap 127.0.0.1:$((offset + 143)) --imaps 127.0.0.1:$((offset + 993)) --smtp 127.0.0.1:$((offset + 25)) \
        --roots "$ours" --repeat "${REPEAT:-3}" --json "$out/imap-ours.json" ${IMAP_ARGS:-}
      echo "Postfix + Dovecot:"
      python3 "$tools/imap_load.py" --imap 127.0.0.1:2143 --imaps 127.0.0.1:2993 --smtp 127.0.0.1:2525 \
        --roots "$peer" --repeat "${REPEAT:-3}" --json "$out/imap-peer.json" ${IMAP_ARGS:-} ;;
    idle)
      for tls in "" --tls; do
        port=$((offset + 143)); [ -z "$tls" ] || port=$((offset + 993))
        echo "Tamanoir, 1,000 idle connections $tls:"
        python3 "$tools/idle_hold.py" --imap 127.0.0.1:$port --connections 1000 --users 100 --roots "$ours" --hold 10 $tls
        port=2143; [ -z "$tls" ] || port=2993
        echo "Dovecot, 1,000 idle connections $tls:"
        python3 "$tools/idle_hold.py" --imap 127.0.0.1:$port --connections 1000 --users 100 --roots "$peer" --hold 10 $tls
      done ;;
    *) echo "unknown: $what" >&2; exit 64 ;;
  esac
done
"$tools/peer-down.sh" --wipe
echo "raw results: $out"
