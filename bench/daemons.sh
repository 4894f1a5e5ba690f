#!/usr/bin/env bash
# clamd, spamd and rspamd as processes of their own on loopback, each behind a real session: ./test daemons
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec mvn -q -B -ntp -pl server -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest=RealScannersTest -Dtamanoir.daemons=true
