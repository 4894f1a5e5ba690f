#!/usr/bin/env bash
# Builds the webmail for the Maven build:
#   ./build.sh build    packs it into target/classes/webmail (npm ci when the lock changed, vite when sources changed)
#   ./build.sh verify   types, lint, unit tests and the size gate
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

stop() { printf 'webmail: %s\n' "$*" >&2; exit 69; }
missing="Node 20.19 or newer with npm builds the webmail and was not found.
  Debian 13 and newer: apt-get install nodejs npm; older: https://nodejs.org/en/download
  macOS: brew install node"
command -v node >/dev/null && command -v npm >/dev/null || stop "$missing"
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
  || stop "Node $(node --version) is too old. $missing"

if [ ! -f node_modules/.installed ] || [ package-lock.json -nt node_modules/.installed ]; then
  npm ci --no-fund --no-audit --loglevel=error
  touch node_modules/.installed
fi
case ${1:-build} in
  build)
    if [ ! -f dist/.built ] || [ -n "$(find src setup public sw build ./*.html ./*.json ./*.js -newer dist/.built -type f \
        ! -name sprite.svg -print -quit)" ]; then
      npm run --silent build
      touch dist/.built
    fi
    if [ ! -f target/classes/webmail/.built ] || [ dist/.built -nt target/classes/webmail/.built ]; then
      rm -rf target/classes/webmail
      mkdir -p target/classes
      cp -R dist target/classes/webmail
    fi
    ;;
  verify) npm run --silent verify ;;
  *) stop "build or verify, not '$1'" ;;
esac
