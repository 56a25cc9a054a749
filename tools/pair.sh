#!/usr/bin/env bash
# Two PostgreSQL servers, one the synchronous standby of the other: what a commit answered is on both. For `make cluster` and
# the tests of faults; a real deployment has Patroni or a managed database do this.
#
#   tools/pair.sh start <folder> <port> <port>   makes both in an empty folder: a is the primary, b its standby
#   tools/pair.sh kill <folder> <a|b>            ends one as a power cut does
#   tools/pair.sh promote <folder> <a|b>         the standby becomes the primary, alone for now
#   tools/pair.sh join <folder> <a|b>            the other one begins anew as the standby of the primary
#   tools/pair.sh role <folder> <a|b>            says primary, standby or away
#   tools/pair.sh stop <folder>                  ends both
#
# Their user is the superuser linli without a password; they listen on 127.0.0.1.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$(tools/postgres.sh --bindir)
what=${1:?} dir=${2:?} which=${3:-}

# The servers refuse to run as root.
owner=$(id -un)
as_server=()
if [ "$(id -u)" = 0 ]; then
  owner=nobody
  id postgres >/dev/null 2>&1 && owner=postgres
  as_server=(setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups --)
fi
run() { (cd "$dir" && "${as_server[@]}" "$@"); }

port_of() { cat "$dir/$1.port"; }
other_of() { if [ "$1" = a ]; then echo b; else echo a; fi; }
ask() { "$bin/psql" -X -q -At -h 127.0.0.1 -p "$(port_of "$1")" -U linli -d postgres -c "$2"; }

begin() {
  run "$bin/pg_ctl" -D "$dir/$1" -w -t 60 -l "$dir/$1.log" \
    -o "-p $(port_of "$1") -k $dir -c listen_addresses=127.0.0.1 -c max_connections=200" start >"$dir/$1.start" 2>&1 ||
    { cat "$dir/$1.start" "$dir/$1.log" >&2; return 1; }
}

# stand_by <of> <new>: makes a copy of a running primary, which follows it, and has commits wait for it.
stand_by() {
  rm -rf "${dir:?}/$2"
  run "$bin/pg_basebackup" -D "$dir/$2" -R -X stream -c fast --no-sync \
    -d "host=127.0.0.1 port=$(port_of "$1") user=linli application_name=$2" >"$dir/$2.copy" 2>&1 ||
    { cat "$dir/$2.copy" >&2; return 1; }
  # What the primary waits for is its own affair, not its copy's.
  run sed -i '/^synchronous_standby_names/d' "$dir/$2/postgresql.auto.conf"
  begin "$2"
  ask "$1" "ALTER SYSTEM SET synchronous_standby_names = '$2'"
  ask "$1" "SELECT pg_reload_conf()" >/dev/null
  for _ in $(seq 200); do
    [ "$(ask "$1" "SELECT sync_state FROM pg_stat_replication WHERE application_name = '$2'")" != sync ] || return 0
    sleep 0.1
  done
  echo "pair: the standby does not follow" >&2
  return 1
}

kill_it() {
  local pid children
  pid=$(head -n 1 "$dir/$1/postmaster.pid")
  children=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null || true)
  # shellcheck disable=SC2086 # several numbers
  kill -KILL "$pid" $children 2>/dev/null || true
  while [ -e "/proc/$pid" ] && [ "$(cut -d' ' -f3 "/proc/$pid/stat" 2>/dev/null)" != Z ]; do sleep 0.05; done
  # Nobody else has this number by now, but somebody may, or nobody may have noticed that it ended.
  rm -f "$dir/$1/postmaster.pid" "$dir/.s.PGSQL.$(port_of "$1")"*
}

case "$what" in
  start)
    echo "$which" >"$dir/a.port"
    echo "${4:?}" >"$dir/b.port"
    chown "$owner" "$dir"
    run env LC_ALL=C.UTF-8 "$bin/initdb" -D "$dir/a" -U linli -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 ||
      { cat "$dir/initdb.log" >&2; exit 1; }
    begin a
    stand_by a b
    ;;
  kill) kill_it "$which" ;;
  promote)
    run "$bin/pg_ctl" -D "$dir/$which" -w -t 30 promote >"$dir/$which.promote" 2>&1 || { cat "$dir/$which.promote" >&2; exit 1; }
    ;;
  join) stand_by "$(other_of "$which")" "$which" ;;
  role)
    case "$(ask "$which" 'SELECT pg_is_in_recovery()' 2>/dev/null || true)" in
      f) echo primary ;;
      t) echo standby ;;
      *) echo away ;;
    esac
    ;;
  stop)
    for which in b a; do
      if [ -s "$dir/$which/postmaster.pid" ]; then
        run "$bin/pg_ctl" -D "$dir/$which" -m immediate -w stop >/dev/null 2>&1 || true
      fi
    done
    ;;
  *)
    sed -n '2,14p' "$0" >&2
    exit 2
    ;;
esac
