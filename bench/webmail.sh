#!/usr/bin/env bash
# The webmail measured in Chromium, alone or beside another: ./test webmail-bench [MESSAGES] [-- options of measure.mjs]
#   PEER_URL=http://127.0.0.1:8400/ PEER_DRIVER=roundcube  measures that one too, in turns, with the same mailbox in it
#   (fill it with: java ... tamanoir.bench.sample.SampleMailbox --imap HOST:PORT --user A --password P)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
messages=10000
case ${1:-} in [0-9]*) messages=$1; shift ;; esac
[ "${1:-}" != -- ] || shift
[ -d webmail/node_modules/playwright-core ] || ./webmail/build.sh build
exec node bench/webmail/run.mjs "$messages" "$@"
