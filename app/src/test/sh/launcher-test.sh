#!/usr/bin/env bash
# The launcher's search for a JDK and its fetch from a mirror, against a loopback server and a made-up JDK.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../.." && pwd)
scratch=$(mktemp -d)
mirror=""
trap '[ -z "$mirror" ] || kill "$mirror" 2>/dev/null; rm -rf "$scratch"' EXIT
passed=0 failed=0
check() { # NAME EXPECTED-TEXT ACTUAL
  case $3 in
    *"$2"*) passed=$((passed + 1)) ;;
    *) failed=$((failed + 1)); printf 'FAIL %s\n  wanted: %s\n  got:    %s\n' "$1" "$2" "$3" ;;
  esac
}
fake_jdk() { # DIR VERSION
  mkdir -p "$1/bin"
  printf 'JAVA_VERSION="%s"\n' "$2" >"$1/release"
  printf '#!/bin/sh\necho fake\n' >"$1/bin/java"; cp "$1/bin/java" "$1/bin/javac"; chmod +x "$1"/bin/*
}
# A PATH with the plain tools and no java.
mkdir -p "$scratch/bin"
for tool in bash sh sed tr curl sha256sum shasum mktemp mkdir rm mv tar gzip cut dirname basename readlink uname find tee grep tail touch env cat sleep; do
  at=$(command -v "$tool" || true); [ -z "$at" ] || ln -sf "$at" "$scratch/bin/$tool"
done
launch() { env -i PATH="$scratch/bin" HOME="$scratch/home" TAMANOIR_CACHE="$scratch/cache" TAMANOIR_JVM_FOLDERS="${FOLDERS:-$scratch/none}" "$@" "$root/tamanoir" --print-jdk 2>&1 </dev/null; }

fake_jdk "$scratch/jdk25" 25.0.1
fake_jdk "$scratch/jdk17" 17.0.15
check "JAVA_HOME with a JDK 25 is taken" "$scratch/jdk25" "$(launch JAVA_HOME="$scratch/jdk25")"
check "JAVA_HOME with an old JDK is passed over" "$scratch/jdk25" "$(FOLDERS="$scratch/jdk25" launch JAVA_HOME="$scratch/jdk17")"
check "without a JDK it says what is missing" "no JDK 25 found" "$(launch)"
check "and how to get one" "TAMANOIR_FETCH_JDK=yes" "$(launch)"

# The mirror: the download interface of Adoptium, as far as the launcher uses it.
case $(uname -s) in Linux) os=linux ;; Darwin) os=mac ;; esac
mkdir -p "$scratch/www/v3/assets/latest/25" "$scratch/pack"
fake_jdk "$scratch/pack/jdk-25.0.9+1" 25.0.9
tar -C "$scratch/pack" -czf "$scratch/www/jdk.tar.gz" "jdk-25.0.9+1"
cat >"$scratch/mirror.py" <<'P'
import http.server, os, sys
os.chdir(sys.argv[1])
class H(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *a): pass
    def do_GET(self):
        self.path = self.path.split('?')[0]
        super().do_GET()
s = http.server.ThreadingHTTPServer(('127.0.0.1', 0), H)
open(sys.argv[2], 'w').write(str(s.server_port))
s.serve_forever()
P
mkfifo "$scratch/port"
python3 "$scratch/mirror.py" "$scratch/www" "$scratch/port" &
mirror=$!
port=$(cat "$scratch/port")
answer() { # SHA256
  printf '[{"binary":{"architecture":"x","installer":{"checksum":"%064d","link":"http://127.0.0.1:%s/wrong"},"os":"%s","package":{"checksum":"%s","link":"http://127.0.0.1:%s/jdk.tar.gz","name":"j","size":1}},"version":{}}]' \
    0 "$port" "$os" "$1" "$port" >"$scratch/www/v3/assets/latest/25/hotspot"
}
answer "$(printf '%064d' 7)"
check "a JDK with another checksum is thrown away" "does not have the published SHA-256" \
  "$(launch TAMANOIR_FETCH_JDK=yes TAMANOIR_JDK_API="http://127.0.0.1:$port")"
check "and nothing of it stays" "0" "$(find "$scratch/cache" -type f 2>/dev/null | wc -l)"
answer "$(sha256sum "$scratch/www/jdk.tar.gz" | cut -d' ' -f1)"
check "a JDK is fetched, checked and found" "$scratch/cache/jdk-25" \
  "$(launch TAMANOIR_FETCH_JDK=yes TAMANOIR_JDK_API="http://127.0.0.1:$port")"
check "and found again without the mirror" "$scratch/cache/jdk-25" "$(launch)"
check "a mirror that is down is said" "could not be read" \
  "$(rm -rf "$scratch/cache"; launch TAMANOIR_FETCH_JDK=yes TAMANOIR_JDK_API=http://127.0.0.1:9)"
printf 'launcher: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
