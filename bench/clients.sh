#!/usr/bin/env bash
# Real clients against a demo server of its own: ./test clients [client ...] (needs ../shared/conformance).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/demo-server.sh
suite=../shared/conformance/clients/run.sh
[ -x "$suite" ] || { echo "NOT RUN: $suite is absent"; exit 1; }
start_demo
HOST=127.0.0.1 SMTP_PORT=$((offset + 25)) SUBMISSION_PORT=$((offset + 587)) IMAP_PORT=$((offset + 143)) POP3_PORT=$((offset + 110)) \
  IMAPS_PORT=$((offset + 993)) POP3S_PORT=$((offset + 995)) USER=alice@example.com PASSWORD=secret USER2=bob@example.com PASSWORD2=secret \
  "$suite" "$@"
