#!/usr/bin/env bash
# Breaks things for about 20 minutes: what `make test` does in its short form, 50 times; the journeys in front of a cluster
# whose servers are killed; PgBouncer in between.
set -euo pipefail
cd "$(dirname "$0")/.."
export RUST_BACKTRACE=0 LINLI_TEST_FAULTS=long
cargo build --package server --example s3
tools/postgres.sh cargo test --package server --test it -- --nocapture --test-threads=1 faults:: outgoing::crowd
(cd end2end && node_modules/.bin/playwright test -c cluster.config.ts)
echo "faults: all survived"
