#!/usr/bin/env bash
# Runs the wasm-bindgen of the version that Cargo.lock names.
#
#   tools/wasm-bindgen.sh --version-wanted   prints that version
#   tools/wasm-bindgen.sh --path             prints where it is, or would be installed
#   tools/wasm-bindgen.sh <arguments...>     runs it
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock)
if [ -z "$version" ]; then
  echo "wasm-bindgen: Cargo.lock names no version of it" >&2
  exit 1
fi

path=${XDG_CACHE_HOME:-$HOME/.cache}/linli/wasm-bindgen-$version/bin/wasm-bindgen
on_path=$(command -v wasm-bindgen || true)
if [ ! -x "$path" ] && [ -n "$on_path" ] && [ "$("$on_path" --version)" = "wasm-bindgen $version" ]; then
  path=$on_path
fi

case "${1:-}" in
  --version-wanted) echo "$version" ;;
  --path) echo "$path" ;;
  *) exec "$path" "$@" ;;
esac
