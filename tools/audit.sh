#!/usr/bin/env bash
# Audits what others wrote and Linli is made of: licences, sources and banned crates by cargo-deny (deny.toml), known
# vulnerabilities of crates (RustSec's database) and of Node packages (npm's). Lines that begin with "audit:" sum up.
#
# Where a database of vulnerabilities cannot be reached the rest is checked all the same, and it is said that this was not:
# nothing counts as clean that was not looked at. LINLI_AUDIT=strict makes that a failure: for whoever releases.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

deny=target/tools/peers/bin/cargo-deny
command -v cargo-deny >/dev/null 2>&1 && deny=cargo-deny
command -v "$deny" >/dev/null 2>&1 || {
  echo "audit: cargo-deny is missing: tools/setup.sh test installs it"
  exit 1
}
failed=0
unread=0

# As the lock files name them.
for manifest in Cargo.toml fuzz/Cargo.toml; do
  if "$deny" --locked --config deny.toml --manifest-path "$manifest" check licenses bans sources; then
    echo "audit: licences, bans and sources of $manifest are fine"
  else
    echo "audit: licences, bans or sources of $manifest are NOT fine"
    failed=1
  fi
done

# The newest, or a copy that is there when that cannot be fetched; its age is said.
copy=$(find "${CARGO_HOME:-$HOME/.cargo}/advisory-dbs" -mindepth 2 -maxdepth 2 -name crates -type d 2>/dev/null | head -n 1)
offline=--offline
timeout 60 "$deny" fetch db >/dev/null 2>&1 && offline=
if [ -z "$offline" ] || [ -n "$copy" ]; then
  [ -z "$offline" ] || echo "audit: RustSec's database cannot be fetched; its copy of $(date -u -r "$copy" +%F) is read"
  # shellcheck disable=SC2086 # nothing, or one option
  if "$deny" $offline --locked check advisories; then
    echo "audit: no known vulnerability in the crates"
  else
    echo "audit: known vulnerabilities, or withdrawn versions, in the CRATES"
    failed=1
  fi
else
  echo "audit: crates were NOT checked for known vulnerabilities: RustSec's database cannot be reached, and no copy of it is here"
  unread=1
fi

for folder in tools end2end; do
  answer=$(timeout 60 npm --prefix "$folder" audit --json 2>/dev/null)
  verdict=$(node -e '
    let text = "";
    process.stdin.on("data", (piece) => (text += piece)).on("end", () => {
      let found;
      try { found = JSON.parse(text).metadata.vulnerabilities; } catch { return console.log("unread"); }
      console.log(found.high + found.critical > 0 ? "bad" : "fine", JSON.stringify(found));
    });' <<<"$answer")
  case $verdict in
    fine*) echo "audit: no severe vulnerability known in the Node packages of $folder/ (${verdict#fine })" ;;
    bad*)
      echo "$answer"
      echo "audit: severe vulnerabilities in the NODE PACKAGES of $folder/ (${verdict#bad })"
      failed=1
      ;;
    *)
      echo "audit: Node packages of $folder/ were NOT checked for known vulnerabilities: the registry does not answer npm audit"
      unread=1
      ;;
  esac
done

[ "$unread" = 0 ] || [ "${LINLI_AUDIT:-}" != strict ] || failed=1
exit "$failed"
