#!/usr/bin/env bash
# Scripted IMAP tests against a demo server of its own: ./test imaptest [test ...] (needs ../shared/conformance).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/demo-server.sh
suite=../shared/conformance/imaptest/run.sh
[ -x "$suite" ] || { echo "NOT RUN: $suite is absent"; exit 1; }
start_demo
HOST=127.0.0.1 IMAP_PORT=$((offset + 143)) USER=alice@example.com PASSWORD=secret "$suite" "$@"
