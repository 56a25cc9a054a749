#!/usr/bin/env bash
# Fuzzes the photo pipeline with libFuzzer and AddressSanitizer, beginning with small pictures of every format.
#
#   fuzz/run.sh [seconds]     10 minutes unless told otherwise; needs g++ and the Rust that is there
#
# What `cargo fuzz run photos` does, without installing it: the flags are those of cargo-fuzz. What it finds is kept in
# target/fuzz/; a file there that begins with crash-, oom- or timeout- makes it run again: target/fuzz/photos FILE.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-600}
out=target/fuzz
mkdir -p "$out/corpus"

host=$(rustc -vV | sed -n 's/^host: //p')
flags="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4"
flags+=" -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table"
flags+=" -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Zsanitizer=address"
RUSTC_BOOTSTRAP=1 RUSTFLAGS=$flags cargo build --release --manifest-path fuzz/Cargo.toml --target "$host" \
  --target-dir "$out/build"
cp "$out/build/$host/release/photos" "$out/photos"
"$out/build/$host/release/seeds" "$out/corpus"
exec "$out/photos" "$out/corpus" -artifact_prefix="$out/" -max_total_time="$seconds" -max_len=16000 -timeout=60 \
  -rss_limit_mb=2048 -malloc_limit_mb=700 -print_final_stats=1
