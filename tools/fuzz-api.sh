#!/usr/bin/env bash
# Has schemathesis try the whole API from its description, as nobody, as a resident and as each role that may do something of
# its own: many cases an operation, and every edge of every schema.
#   tools/fuzz-api.sh [cases, default 60] [seed, default the day]
set -euo pipefail
cd "$(dirname "$0")/.."
export LINLI_API_EXAMPLES="${1:-60}" LINLI_API_SEED="${2:-$(date +%Y%m%d)}"
exec tools/postgres.sh cargo test -q -p server --test it -- api::fuzz --nocapture
