#!/usr/bin/env bash
# The same sessions with Debian's Postfix and with Tamanoir: ./test verdicts [SCENARIO...]
# Needs root (Postfix changes users), postfix, postfix-pcre and iproute2; runs in a network namespace of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ "${1:-}" != --inside ]; then
  for tool in postfix postmap ip unshare; do
    command -v $tool >/dev/null || PATH=$PATH:/usr/sbin command -v $tool >/dev/null ||
      { echo "NOT RUN: $tool is absent: apt-get install postfix postfix-pcre iproute2"; exit 1; }
  done
  [ "$(id -u)" = 0 ] || { echo "NOT RUN: Postfix starts only as root"; exit 1; }
  ./tamanoir --build-only
  JAVA_HOME=$(./tamanoir --print-jdk)
  export JAVA_HOME
  mvn -q -B -ntp -DskipTests -pl bench -am package
  exec unshare --net --mount "$0" --inside "$@"
fi
shift
PATH=$PATH:/usr/sbin
work=$(mktemp -d /tmp/verdicts.XXXXXX)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
echo "nameserver 127.0.0.1" >"$work/resolv.conf"
mount --bind "$work/resolv.conf" /etc/resolv.conf
ip link set lo up
for last in 10 11 12 13 14 15 20; do ip address add 192.0.2.$last/32 dev lo; done
ip address add 198.51.100.1/32 dev lo
ip -6 address add 2001:db8::10/128 dev lo nodad
ip -6 address add 2001:db8:1::1/128 dev lo nodad
path=bench/target/classes
for jar in app/target/tamanoir/lib/*.jar; do path=$path:$PWD/$jar; done
"$JAVA_HOME/bin/java" -Djava.library.path="$PWD/app/target/tamanoir/native" -cp "$PWD/$path" \
  tamanoir.bench.verdicts.Verdicts bench/src/verdicts "$work" "$@" >"$work/log" 2>&1 && verdict=0 || verdict=$?
if [ -s "$work/report" ]; then cat "$work/report"; else tail -20 "$work/log"; verdict=1; fi
exit $verdict
