# suites: what `./dev test` runs.
#
# Sourced by dev, whose words (note, step, packages, build) it uses. A suite is one row of SUITES and one
# function suite_NAME, which says what it does and adds to PASSED, FAILED and SKIPPED. Everything is
# run whatever has failed before; the last line says how many.
# shellcheck shell=bash
# shellcheck disable=SC2154 # ROOT, BIN, LOGS and BUILD_PACKAGES are dev's

TEST_PACKAGES=(
    "libcmocka-dev             the C suites"
    "clang                     the second compiler"
    "clang-format              the form of the code"
    "clang-tidy                static analysis"
    "shellcheck                static analysis of this file"
    "redis-tools:redis-cli     a look into Redis from the tests"
    "php-cli:php               a PHP site that publishes"
    "php-redis                 its link to Redis"
    "libacl1                   php-fpm needs it, which is unpacked"
    "libapparmor1              likewise"
    "libsystemd0               likewise"
    "openssl                   a certificate for the configuration to deploy"
    "nodejs:node               runs the tests from outside"
    "npm:npm                   fetches what those need"
    "chromium:chromium         a real browser"
    "fonts-dejavu-core         letters on its screen"
    "fonts-wqy-microhei        Chinese ones"
    "zopfli:zopfli             the page as small as it is on a server"
)

# suite, and what it is; also the order in which they run
SUITES=(
    "gcc       gcc takes it without a warning"
    "clang     clang takes it without a warning"
    "unit      cmocka suites of common, fcgi and pushd"
    "sanitize  the same under AddressSanitizer and UndefinedBehaviorSanitizer"
    "lint      clang-format, clang-tidy, shellcheck"
    "e2e       a real stack, from outside, on the sanitizer build"
    "browser   the page in Chromium"
    "fuzz      parsers under libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer"
    "soak      senders and readers while everything breaks again and again"
)

PASSED=0 FAILED=0 SKIPPED=0
SOAK_SECONDS=30
FUZZ_SECONDS=10 # a target

# shellcheck source=tests/fuzz/fuzz.bash
source "$ROOT/tests/fuzz/fuzz.bash"

test_tools() {
    [[ -e $BIN/php-fpm/php-fpm ]] || step "unpacking php-fpm into build/" php-fpm unpack_php_fpm ||
        note "no php-fpm here: the test of the PHP site is skipped"
}

counted() { # COMMAND...: is one test
    if "$@"; then PASSED=$((PASSED + 1)); else FAILED=$((FAILED + 1)); fi
}

skipped() {
    note "skipped: $*"
    SKIPPED=$((SKIPPED + 1))
}

tests_build() { # NAME: one of the ways in which we promise that it builds
    local options=()
    case $1 in
        gcc) options=(-DCMAKE_C_COMPILER=gcc) ;;
        clang) options=(-DCMAKE_C_COMPILER=clang) ;;
        sanitize) options=(-DCMAKE_C_COMPILER=gcc -DSTONECHAT_SANITIZE=ON) ;;
    esac
    (build "$ROOT/build/$1" -DSTONECHAT_TESTS=ON -DSTONECHAT_WERROR=ON "${options[@]}")
}

suite_gcc() { counted tests_build gcc; }
suite_clang() { counted tests_build clang; }
suite_unit() { cmocka gcc; }
suite_sanitize() { cmocka sanitize; }
suite_e2e() { node_tests e2e "$ROOT"/tests/e2e/*.test.mjs; }

suite_browser() {
    if command -v chromium >/dev/null; then
        node_tests browser "$ROOT"/tests/browser/*.test.mjs
    else
        skipped "the page in Chromium: no chromium here"
    fi
}

suite_lint() {
    lint_by clang-format
    lint_by clang-tidy
    counted step "shellcheck" shellcheck shellcheck -x -P "$ROOT" "$ROOT/dev" "$ROOT/.ci/run" "$ROOT/nginx/pack"
}

suite_soak() {
    tests_build gcc || { counted false; return; }
    npm_packages || { counted false; return; }
    counted env STONECHAT_BUILD="$ROOT/build/gcc" \
        node "$ROOT/tests/e2e/soak.mjs" --seconds "$SOAK_SECONDS"
}

count() { # PATTERN FILE
    grep -c -- "$1" "$2" 2>/dev/null || [[ -e $2 ]] || echo 0
}

cmocka() { # BUILD: its C suites, counted by their cases
    local dir=$ROOT/build/$1 log=$LOGS/$1-ctest.log cases status=0 bad
    tests_build "$1" || { counted false; return; }
    note "running the C suites of build/$1"
    cases=$dir/Testing/Temporary/LastTest.log
    rm -f -- "$cases"
    CMOCKA_MESSAGE_OUTPUT=TAP ctest --test-dir "$dir" -j "$(nproc)" --timeout 120 \
        --no-tests=error --output-on-failure >"$log" 2>&1 </dev/null || status=$?
    SKIPPED=$((SKIPPED + $(count '^ok .*# SKIP' "$cases")))
    PASSED=$((PASSED + $(count '^ok ' "$cases") - $(count '^ok .*# SKIP' "$cases")))
    bad=$(count '^not ok ' "$cases")
    ((status == 0 || bad)) || bad=1 # one has died without counting itself
    FAILED=$((FAILED + bad))
    ((status == 0)) || show_tail "$log" 100
}

node_tests() { # NAME FILE...: on the sanitizer build, whose reports count as failures
    local name=$1 tap=$LOGS/$1.tap again=$LOGS/$1-again.tap reports=$ROOT/build/reports/$1 report fails files
    shift
    tests_build sanitize || { counted false; return; }
    npm_packages || { counted false; return; }
    note "running ${*##*/}"
    rm -rf -- "$reports" "$tap" "$again"
    mkdir -p "$reports"
    run_node "$reports" "$tap" "$@" || note "$name has failed"
    fails=$(tap_total fail "$tap" 1)
    mapfile -t files < <(failed_files "$tap")
    if ((fails > 0 && ${#files[@]} > 0 && ${#files[@]} <= AGAIN_MOST)); then
        note "once more, by themselves: ${files[*]##*/}"
        run_node "$reports" "$again" "${files[@]}" || note "$name has failed again"
        note "failed in the crowd and then not: $((fails - $(tap_total fail "$again" "$fails"))) of $fails"
        fails=$(tap_total fail "$again" "$fails")
    fi
    PASSED=$((PASSED + $(tap_total pass "$tap" 0) + $(tap_total fail "$tap" 1) - fails))
    FAILED=$((FAILED + fails))
    SKIPPED=$((SKIPPED + $(tap_total skipped "$tap" 0)))
    for report in "$reports"/*; do
        [[ ! -e $report ]] || counted show_and_fail "$report"
    done
}

# Two cores and a disk that others write to: what waits for a second may once wait for two. So files in
# which something failed are run again, once and by themselves; what fails then has failed.
AGAIN_MOST=12

run_node() { # REPORTS TAP FILE...
    local reports=$1 tap=$2
    shift 2
    STONECHAT_BUILD=$ROOT/build/sanitize \
        ASAN_OPTIONS="log_path='$reports/asan'" \
        UBSAN_OPTIONS="print_stacktrace=1:log_path='$reports/ubsan'" \
        timeout 2400 node --test --test-concurrency=1 \
        --test-reporter=spec --test-reporter-destination=stdout \
        --test-reporter=tap --test-reporter-destination="$tap" "$@" </dev/null
}

failed_files() { # TAP: each file in which something failed, or which never said how it went
    awk -F"'" '/^ *not ok/ { failed = 1 } /^ *ok/ { failed = 0 }
        failed && /location: / { sub(/:[0-9]+:[0-9]+$/, "", $2); print $2; failed = 0 }' "$1" | sort -u
}

tap_total() { # WORD FILE ELSE: the runner's own count
    local total
    total=$(sed -n "s/^# $1 \([0-9]*\)\$/\1/p" "$2" 2>/dev/null | tail -n 1)
    printf '%s' "${total:-$3}"
}

show_and_fail() {
    head -n 40 -- "$1"
    return 1
}

npm_packages() {
    [[ $ROOT/tests/node_modules/.package-lock.json -nt $ROOT/tests/package-lock.json ]] ||
        step "npm ci in tests/" npm-ci npm ci --prefix "$ROOT/tests" --no-audit --no-fund
}

lint_by() { # clang-format or clang-tidy: each version has a taste of its own, ours is that of 14
    local version
    version=$("$1" --version | grep -o 'version [0-9]*')
    if [[ $version == 'version 14' ]]; then
        counted step "$1" "$1" "${1#clang-}"
    else
        skipped "$1: version 14 is wanted, this is $version"
    fi
}

format() {
    format_with --dry-run -Werror
}

tidy() {
    tests_build clang || return 1
    printf '%s\0' "$ROOT"/{common,fcgi,pushd}/*.c |
        xargs -0 -n 3 -P "$(nproc)" clang-tidy --quiet -p "$ROOT/build/clang"
}

run_suite() { # NAME
    local began_us=${EPOCHREALTIME/[.,]/}
    PASSED=0 FAILED=0 SKIPPED=0
    printf '\n==== %s\n' "$1"
    "suite_$1"
    RESULTS+=("$1 $PASSED $FAILED $SKIPPED $(((${EPOCHREALTIME/[.,]/} - began_us) / 1000000))")
}

summary() { # exits 1 unless something was run and all of it passed
    local row passed=0 failed=0 skipped=0
    printf '\n%-10s %8s %8s %8s %8s\n' suite passed failed skipped seconds
    for row in "${RESULTS[@]}"; do
        # shellcheck disable=SC2086 # a row is its columns
        set -- $row
        printf '%-10s %8d %8d %8d %8d\n' "$@"
        passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
    done
    row="$passed passed, $failed failed"
    ((skipped == 0)) || row+=", $skipped skipped"
    printf '\n%s\n' "$row"
    ((failed == 0 && passed > 0))
}

test_options() {
    local known=" ${SUITES[*]%% *} "
    WANTED=()
    while (($#)); do
        if [[ $1 == --seconds ]]; then
            [[ ${2-} =~ ^[1-9][0-9]*$ ]] || misused "--seconds wants a number"
            SOAK_SECONDS=$2 FUZZ_SECONDS=$2
            shift
        else
            [[ $known == *" $1 "* ]] || misused "unknown suite: $1"
            WANTED+=("$1")
        fi
        shift
    done
    ((${#WANTED[@]})) || read -ra WANTED <<<"$known"
}

run_tests() {
    local suite
    RESULTS=()
    test_options "$@"
    packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
    tools
    test_tools
    for suite in "${WANTED[@]}"; do run_suite "$suite"; done
    summary
}

