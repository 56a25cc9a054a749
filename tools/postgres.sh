#!/usr/bin/env bash
# A PostgreSQL server of one's own, empty, for the length of one command.
#
#   tools/postgres.sh --bindir          prints the folder of its programs; exits 1 when there is none
#   tools/postgres.sh <command...>      runs the command with LINLI_TEST_POSTGRES_URL set
#
# The server lives in a temporary folder, listens on a free port of 127.0.0.1 and on a socket in that
# folder, and is stopped and removed however the command ends. Its user is a superuser without a
# password, so that tests can make databases. LINLI_TEST_POSTGRES_SETTINGS: further settings, as `-c name=value`.
set -euo pipefail

bindir() {
  local dir
  for dir in "${LINLI_TEST_POSTGRES_BINDIR:-}" /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null || true)"; do
    if [ -n "$dir" ] && [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ]; then
      echo "$dir"
      return
    fi
  done
  echo "postgres: no server programs found (Debian: apt-get install postgresql)" >&2
  return 1
}

bin=$(bindir)
if [ "${1:-}" = --bindir ]; then
  echo "$bin"
  exit
fi
[ $# -gt 0 ] || { echo "usage: tools/postgres.sh <command...>" >&2; exit 2; }

# The server refuses to run as root.
as_server=()
if [ "$(id -u)" = 0 ]; then
  owner=nobody
  id postgres >/dev/null 2>&1 && owner=postgres
  as_server=(setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups --)
fi

# mktemp puts letters in place of the Xs, so that the folder is one of its own.
dir=$(mktemp -d "${TMPDIR:-/tmp}/linli-pg.XXXXXX")
[ ${#as_server[@]} -eq 0 ] || chown "$owner" "$dir"

stop() {
  if [ -s "$dir/data/postmaster.pid" ]; then
    "${as_server[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || true
  fi
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
  echo "postgres: $1" >&2
  cat "$dir"/*.log >&2 2>/dev/null || true
  exit 1
}

cd "$dir"
"${as_server[@]}" env LC_ALL=C.UTF-8 "$bin/initdb" -D "$dir/data" -U linli -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
  >"$dir/initdb.log" 2>&1 || fail "initdb failed"

# Somebody may take the port between asking for a free one and using it: then ask again.
for _ in 1 2 3; do
  port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
  if "${as_server[@]}" "$bin/pg_ctl" -D "$dir/data" -w -t 60 -l "$dir/data/server.log" \
    -o "-p $port -k $dir -c listen_addresses=127.0.0.1 -c max_connections=200 ${LINLI_TEST_POSTGRES_SETTINGS:-}" start >"$dir/start.log" 2>&1; then
    started=1
    break
  fi
done
[ "${started:-}" = 1 ] || fail "the server did not start"

cd "$OLDPWD"
export LINLI_TEST_POSTGRES_URL="postgres://linli@127.0.0.1:$port/postgres"
"$@"
