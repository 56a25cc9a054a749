#!/usr/bin/env bash
# Checks everything, in the order in which mistakes are cheapest to find.
#
#   tools/test.sh              all stages
#   tools/test.sh fmt clippy   only these (see the list at the end of this file)
#   V=1 tools/test.sh          shows what each stage prints while it runs
#
# A failed stage does not stop the ones that can still tell something. What each printed is in
# target/test-logs/<stage>.log; the end of it is shown when the stage failed. The last line sums up.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

logs=target/test-logs
wanted=" $* "
green=()
failed=()
skipped=()
begun=$SECONDS

# stage <name> "<names of the stages it needs>" <command...>
stage() {
  local name=$1 needs=$2 need log=$logs/$1.log started=$SECONDS status
  shift 2
  if [ "$wanted" != "  " ] && [[ $wanted != *" $name "* ]]; then return; fi
  for need in $needs; do
    if [[ " ${failed[*]-} ${skipped[*]-} " == *" $need "* ]]; then
      printf '%-12s skipped: %s did not succeed\n' "$name" "$need"
      skipped+=("$name")
      return
    fi
  done
  if [ -n "${V:-}" ]; then
    echo "== $name"
    "$@" 2>&1 </dev/null | tee "$log"
    status=${PIPESTATUS[0]}
  else
    "$@" >"$log" 2>&1 </dev/null
    status=$?
  fi
  if [ "$status" = 0 ]; then
    green+=("$name")
    printf '%-12s ok      %4d s\n' "$name" $((SECONDS - started))
  else
    failed+=("$name")
    printf '%-12s FAILED  %4d s  (%s)\n' "$name" $((SECONDS - started)) "$log"
    [ -n "${V:-}" ] || show_failure "$log"
  fi
}

# What compilers and tests marked as an error, with what follows it; when nothing is marked, simply the end.
show_failure() {
  local marks='^error|panicked at|^ +[0-9]+\) \['
  {
    if grep -qE "$marks" "$1"; then
      grep -E -A 14 "$marks" "$1" | sed -n '1,150p'
    else
      tail -n 60 "$1"
    fi
  } | sed 's/^/  | /'
}

check_scripts() {
  bash -n .ci/run tools/*.sh || return
  # One page, with the headers that HAProxy wants and without.
  sed -n '/^<!doctype/,$p' deploy/away.http | cmp - deploy/away.html || return
  for script in tools/*.mjs; do node --check "$script" || return; done
  if command -v shellcheck >/dev/null; then shellcheck -S warning .ci/run tools/*.sh || return; fi
  end2end/node_modules/.bin/tsc -p end2end
}

# The fuzzer's target is outside the workspace: it must not rot. It is only checked, so libFuzzer itself is not compiled.
check_fuzz_target() {
  CUSTOM_LIBFUZZER_PATH=$PWD/target/fuzz/libfuzzer.a cargo check --locked --manifest-path fuzz/Cargo.toml --bins \
    --target-dir target/fuzz/check
}

# "<passed> <failed> <skipped>" from what the test runners wrote, both together.
count_tests() {
  local cargo browser='0 0 0'
  cargo=$(awk '/^test result:/ { passed += $4; failed += $6; skipped += $8 } END { print passed + 0, failed + 0, skipped + 0 }' \
    "$logs/tests.log" 2>/dev/null || echo 0 0 0)
  if [ -f end2end/test-results/results.json ]; then
    # shellcheck disable=SC2016 # the ${...} are JavaScript's
    browser=$(node -p 'const s = JSON.parse(fs.readFileSync("end2end/test-results/results.json")).stats;
      `${s.expected + s.flaky} ${s.unexpected} ${s.skipped}`')
  fi
  echo "$cargo $browser" | awk '{ print $1 + $4, $2 + $5, $3 + $6 }'
}

# One line for each test that failed (`failed:`) or passed only at its second try (`unsteady:`), to stand where whoever
# looks at the end of a long log sees them.
name_failures() {
  sed -n 's/^test \(.*\) \.\.\. FAILED$/failed: \1/p' "$logs/tests.log" 2>/dev/null
  [ -f end2end/test-results/results.json ] || return 0
  # shellcheck disable=SC2016 # the ${...} are JavaScript's
  node -e '
    const told = (text) => text.replace(/\u001b\[[0-9;]*m/g, "").split("\n").filter((line) => line.trim()).slice(0, 6).join(" / ");
    const walk = (suite, of) => {
      for (const spec of suite.specs ?? []) for (const test of spec.tests) if (test.status === "unexpected" || test.status === "flaky") {
        const error = test.results.flatMap((result) => result.errors)[0];
        console.log(`${test.status === "flaky" ? "unsteady" : "failed"}: [${test.projectName}] ${spec.file}:${spec.line} ${[...of, spec.title].join(" > ")}: ${told(error?.message ?? "").slice(0, 400)}`);
      }
      for (const inner of suite.suites ?? []) walk(inner, [...of, inner.title]);
    };
    const found = JSON.parse(fs.readFileSync("end2end/test-results/results.json"));
    for (const file of found.suites) walk(file, []);
    for (const error of found.errors) console.log(`failed: ${told(error.message ?? "").slice(0, 400)}`);'
}

# Servers are killed in these tests, this machine is not: PostgreSQL need not wait for its disk.
run_unit_tests() {
  LINLI_TEST_POSTGRES_SETTINGS='-c fsync=off -c full_page_writes=off' \
    tools/postgres.sh cargo test -p app -p pictures -p server --no-fail-fast
}

run_browser_tests() { (cd end2end && node_modules/.bin/playwright test); }

# The tests' own words say what is wrong; a hundred lines of frames for each would hide them.
export RUST_BACKTRACE=0 CARGO_TERM_COLOR=never
# Nobody compiles a second time in CI, nor opens a debugger there: what would serve that is not written.
[ -z "${CI:-}" ] || export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=none

rm -rf "$logs" end2end/test-results
mkdir -p "$logs"

# `app` and `server` are compiled together, as the server has them; `frontend` only for the browser, since
# Leptos cannot be both sides at once. Stages beside each other share what they compile.
stage setup "" tools/setup.sh test
stage fmt "" cargo fmt --all --check -- --color never
stage scripts "setup" check_scripts
stage clippy "" cargo clippy --locked -p app -p pictures -p server --all-targets -- -D warnings
stage fuzz "" check_fuzz_target
stage build "" cargo build -p app -p pictures -p server --all-targets
stage audit "setup" tools/audit.sh
stage tests "setup build" run_unit_tests
stage bench "setup build" tools/postgres.sh cargo test -p server --bench linli -- --smoke
stage clippy-wasm "setup" tools/wasm-cargo.sh clippy -p frontend -p app --features app/hydrate --lib --profile wasm-release \
  --target wasm32-unknown-unknown --target-dir target/wasm -- -D warnings
stage site "setup" node tools/build-site.mjs
stage weight "build site" node tools/weight.mjs
stage browser "setup build site" run_browser_tests

[ ! -s "$logs/audit.log" ] || grep '^audit:' "$logs/audit.log"
[ ! -s "$logs/weight.log" ] || grep -v '^weight:' "$logs/weight.log"
if [[ " ${green[*]-} ${failed[*]-} " =~ \ (tests|browser)\  ]]; then
  read -r tests_passed tests_failed tests_skipped <<<"$(count_tests)"
  echo "tests: $tests_passed passed, $tests_failed failed, $tests_skipped skipped"
  names=$(name_failures)
  [ -z "$names" ] || echo "$names"
  # One may be the weather; three are a fault of ours.
  [ "$(grep -c '^unsteady:' <<<"$names")" -le 2 ] || failed+=("unsteady tests")
  # A run that found no test to run has checked nothing.
  [ "$tests_passed" -gt 0 ] || failed+=("no test ran")
fi

if [ ${#failed[@]} -gt 0 ]; then
  names=$(printf ', %s' "${failed[@]}")
  echo "linli: FAILED - ${names:2} (${#green[@]} green, ${#skipped[@]} skipped, $((SECONDS - begun)) s)"
  exit 1
fi
echo "linli: all green - ${#green[@]} stages, $((SECONDS - begun)) s"
