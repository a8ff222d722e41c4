# fuzz: the suite of tests/fuzz/, run by `./dev test fuzz`.
#
# Sourced by tests/suites.bash. Every target starts from the cases of tests/fixtures and the texts of
# tests/fuzz/seeds/, runs for a while under AddressSanitizer and UndefinedBehaviorSanitizer, and
# keeps what led it further in build/fuzz/corpus/ for the next time. What breaks one is left in
# build/fuzz/found/; add it to the fixtures with its mending.
# shellcheck shell=bash
# shellcheck disable=SC2154 # ROOT and LOGS are dev's

FUZZ=$ROOT/build/fuzz # the programs, and what they start from, keep and find

# target, the longest input, and where its seeds are: FOLDER/FILE below tests/fixtures
FUZZ_TARGETS=(
    "fuzz_frame      12000  frame/*/*/frames"
    "fuzz_deflate     4096"
    "fuzz_cursors     8192  cursors/valid/*/id cursors/invalid/*/id"
    "fuzz_sse         4096  event/*/json"
    "fuzz_offer        300  offer/valid/*/values offer/invalid/*/values"
    "fuzz_handshake   9000  handshake/valid/*/head handshake/invalid/*/head"
    "fuzz_command     4096  command/valid/*/json command/invalid/*/json"
    "fuzz_event       4096  event/*/json"
    "fuzz_text         512  command/valid/*/json event/*/json"
    "fuzz_token        200"
    "fuzz_channel      100"
    "fuzz_settings    2048"
    "fuzz_request     2048"
    "fuzz_form        2048  command/valid/*/json command/invalid/*/json"
    "fuzz_jwt         2048"
    "fuzz_cursor       300"
    "fuzz_needle       512"
)

suite_fuzz() {
    fuzz_runtime
    if ! fuzz_works; then
        skipped "the fuzz targets: no clang with libFuzzer here (package ${FUZZ_PACKAGE:-clang})"
        return
    fi
    (build "$FUZZ" -DCMAKE_C_COMPILER=clang -DSTONECHAT_FUZZ=ON) || { counted false; return; }
    note "fuzzing ${#FUZZ_TARGETS[@]} targets, ${FUZZ_SECONDS} s each"
    fuzz_all
}

# clang's package does not bring the runtime along everywhere; that one's name holds the version.
fuzz_runtime() {
    local version
    version=$(clang -dumpversion 2>/dev/null) || return 0
    FUZZ_PACKAGE=libclang-rt-${version%%.*}-dev
    fuzz_works || (packages "$FUZZ_PACKAGE  libFuzzer and the sanitizers of clang") || true
}

fuzz_works() {
    clang -x c -fsanitize=fuzzer,address,undefined -o /dev/null - >/dev/null 2>&1 <<'C'
int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long size);
int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long size) {
    return data == 0 && size > 0;
}
C
}

fuzz_all() { # as many at once as there are processors; a target is one test
    local row log
    rm -rf -- "$FUZZ/results"
    mkdir -p "$FUZZ"/{results,found} "$LOGS"
    for row in "${FUZZ_TARGETS[@]}"; do
        while (($(jobs -rp | wc -l) >= $(nproc))); do wait -n || true; done
        # shellcheck disable=SC2086 # a row is its columns; the patterns are for fuzz_seeds
        (set -f; fuzz_one $row) &
    done
    wait
    for row in "${FUZZ_TARGETS[@]}"; do
        log=$LOGS/${row%% *}.log
        counted fuzz_result "${row%% *}" "$log"
    done
}

fuzz_one() { # TARGET LONGEST PATTERN...
    local target=$1 longest=$2 words=()
    shift 2
    fuzz_seeds "$target" "$@"
    [[ ! -e $ROOT/tests/fuzz/$target.dict ]] || words=("-dict=$ROOT/tests/fuzz/$target.dict")
    mkdir -p "$FUZZ/corpus/$target"
    "$FUZZ/$target" "$FUZZ/corpus/$target" "$FUZZ/seeds/$target" "${words[@]}" \
        -max_total_time="$FUZZ_SECONDS" -max_len="$longest" -timeout=10 -rss_limit_mb=2048 \
        -artifact_prefix="$FUZZ/found/$target-" -print_final_stats=1 \
        >"$LOGS/$target.log" 2>&1 </dev/null && touch "$FUZZ/results/$target"
}

fuzz_result() { # TARGET LOG
    if [[ -e $FUZZ/results/$1 ]]; then
        note "$1: $(sed -n 's/^stat::number_of_executed_units: *//p' "$2") inputs, nothing found"
        return
    fi
    show_tail "$2" 60
    return 1
}

fuzz_seeds() { # TARGET PATTERN...: into build/fuzz/seeds/TARGET, made anew
    local into=$FUZZ/seeds/$1 own=$ROOT/tests/fuzz/seeds/$1 pattern file number=0
    set +f
    rm -rf -- "$into"
    mkdir -p "$into"
    [[ ! -d $own ]] || cp -- "$own"/* "$into"
    for pattern in "${@:2}"; do
        for file in "$ROOT"/tests/fixtures/$pattern; do
            number=$((number + 1))
            case $file in
                */frames) fuzz_wire "$into/$number" <"$file" ;;
                *) cp -- "$file" "$into/$number" ;;
            esac
        done
    done
}

# The bytes of a frame fixture (see tests/pushd/test_inbox.c). The mask is 0, so that the fuzzer
# sees what it changes.
fuzz_wire() { # OUT; the fixture on stdin
    local LC_ALL=C first payload raw
    : >"$1"
    while IFS= read -r payload || [[ $payload ]]; do
        if [[ $payload == raw\ * ]]; then
            raw=${payload#raw}
            printf '%b' "${raw// /\\x}" >>"$1"
        elif [[ $payload ]]; then
            first=${payload%% *} payload=${payload#"$first"} payload=${payload# }
            [[ $payload != \** ]] || payload=$(printf '%*s' "${payload#\*}" '' | tr ' ' a)
            printf '%b' "$payload" >"$1.payload"
            { fuzz_head "$first" "$(wc -c <"$1.payload")"; cat "$1.payload"; } >>"$1"
            rm -f -- "$1.payload"
        fi
    done
}

fuzz_head() { # FIRST BYTES: of a masked frame
    local text="\\x$1"
    if (($2 < 126)); then
        text+=$(printf '\\x%02x' $(($2 | 128)))
    elif (($2 < 65536)); then
        text+=$(printf '\\xfe\\x%02x\\x%02x' $(($2 >> 8)) $(($2 & 255)))
    else
        text+=$(printf '\\xff\\0\\0\\0\\0\\0\\x%02x\\x%02x\\x%02x' $(($2 >> 16)) \
            $(($2 >> 8 & 255)) $(($2 & 255)))
    fi
    printf '%b\0\0\0\0' "$text"
}
