#!/usr/bin/env bash
# Runs cargo with a compiler that can build for the browser (wasm32-unknown-unknown):
# the one on PATH where rustup has that target, else Debian's, as tools/setup.sh made it.
#
#   tools/wasm-cargo.sh build ...   runs `cargo build ...`
#   tools/wasm-cargo.sh --which     prints "path" or "debian"; exits 1 when there is neither
#
# Where sources lie on the building machine is kept out of what is built: the file that every phone loads
# has no use for it, and the same sources give the same file everywhere.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

target=wasm32-unknown-unknown

has_std() { # <sysroot>
  compgen -G "$1/lib/rustlib/$target/lib/libstd-*.rlib" >/dev/null
}

# A library made by another version of the compiler is of no use to it; setup.sh notes the one it used.
made_by_this_debian_rustc() {
  [ -x /usr/bin/cargo ] && has_std /usr &&
    [ "$(/usr/bin/rustc -V)" = "$(cat "/usr/lib/rustlib/$target/made-by" 2>/dev/null)" ]
}

if has_std "$(rustc --print sysroot 2>/dev/null)"; then
  which=path
elif made_by_this_debian_rustc; then
  which=debian
else
  echo "wasm-cargo: no compiler with the $target target; run tools/setup.sh build" >&2
  exit 1
fi

export RUSTFLAGS="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}/registry/src/=/ --remap-path-prefix=$root=."

if [ "${1:-}" = --which ]; then
  echo "$which"
elif [ "$which" = path ]; then
  exec cargo "$@"
else
  # /usr/bin first, so that cargo's own helpers (cargo-clippy, rustdoc) are Debian's too.
  exec env -u RUSTUP_TOOLCHAIN PATH="/usr/bin:$PATH" RUSTC=/usr/bin/rustc /usr/bin/cargo "$@"
fi
