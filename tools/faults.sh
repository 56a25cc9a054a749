#!/usr/bin/env bash
# Breaks things for about half an hour: what `make test` does in its short form, 50 times; the journeys in front of a cluster
# whose servers are killed; PgBouncer in between; the API with 20 cases an operation and every edge of every schema.
set -euo pipefail
cd "$(dirname "$0")/.."
export RUST_BACKTRACE=0 LINLI_TEST_FAULTS=long
cargo build --package server --example s3
tools/postgres.sh cargo test --package server --test it -- --nocapture --test-threads=1 faults:: outgoing::crowd
(cd end2end && node_modules/.bin/playwright test -c cluster.config.ts)
tools/fuzz-api.sh 20
echo "faults: all survived"
