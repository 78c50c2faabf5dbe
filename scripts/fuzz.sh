#!/bin/sh
# Coverage-guided fuzzing: builds the targets of fuzz/ with libFuzzer, on the stable compiler, and runs them one after
# the other.
#
#   scripts/fuzz.sh [TARGET...]      all targets where none is named; --list names them
#
# FUZZ_SECONDS  how long each runs (default 60; 0: until FUZZ_RUNS)
# FUZZ_RUNS     how many inputs each tries at most (default -1: no limit)
# FUZZ_ARGS     further options of libFuzzer, such as "-fork=1 -ignore_crashes=1"
# FUZZ_TIMEOUT  after how many seconds an input counts as a hang (default 10)
# FUZZ_KEEP     yes: what was found, made as small a set as covers the same, goes into fuzz/corpus-seeds, which
#               `cargo test --test fuzz_corpus` replays
#
# What is found is in fuzz/corpus/TARGET, an input that fails in fuzz/artifacts/TARGET; run it again by
# `scripts/fuzz.sh TARGET FILE`. The exit code is 1 if an input failed.
set -eu
input=
if [ $# -eq 2 ] && [ -f "$2" ]; then
    input=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
fi
cd "$(dirname "$0")/.."
[ -d fuzz ] || { echo "fuzz: the folder fuzz/ is in the repository, not in the package" >&2 && exit 2; }
cd fuzz

host=$(rustc -vV | sed -n 's/^host: //p')
bin=target/$host/release
all=$(sed -n 's/^name = "\([a-z_]*\)"$/\1/p' Cargo.toml)
if [ "${1-}" = --list ]; then
    echo "$all"
    exit
fi

# The counters and comparisons that libFuzzer steers by. A target is named, so that build scripts are left without.
RUSTFLAGS="-Cpasses=sancov-module --cfg fuzzing"
for option in level=4 inline-8bit-counters pc-table trace-compares; do
    RUSTFLAGS="$RUSTFLAGS -Cllvm-args=-sanitizer-coverage-$option"
done
RUSTFLAGS="$RUSTFLAGS" cargo build --release --target "$host"

# One thread, so that a run is repeated exactly; folders that a target makes are swept up.
export RAYON_NUM_THREADS=1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export TMPDIR="$scratch"

dictionary() {
    case $1 in
        claim | formula | script | verify) echo language ;;
        npy | npz) echo numpy ;;
        json_lines | parquet | safetensors) echo "$1" ;;
        *) echo words ;;
    esac
}

# Texts grow by what the shipped claims have, files by what is kept.
shipped() {
    case $1 in
        claim | formula | script | verify)
            mkdir -p "$scratch/shipped"
            cp ../proofs/*/*.proof "$scratch/shipped"
            echo "$scratch/shipped"
            ;;
    esac
}

length() {
    case $1 in
        claim | script) echo 1500 ;;
        formula | verify) echo 600 ;;
        mode | number | policy | words) echo 100 ;;
        snapshot) echo 300 ;;
        parquet) echo 4096 ;;
        *) echo 1500 ;;
    esac
}

if [ -n "$input" ]; then
    "$bin/$1" -timeout="${FUZZ_TIMEOUT:-10}" -rss_limit_mb=500 "$input" && exit
    exit 1
fi

failed=0
for target in ${*:-$all}; do
    corpus=corpus/$target artifacts=artifacts/$target seeds=corpus-seeds/$target
    mkdir -p "$corpus" "$artifacts" "$seeds"
    echo "== $target"
    # shellcheck disable=SC2046,SC2086
    "$bin/$target" -max_total_time="${FUZZ_SECONDS:-60}" -runs="${FUZZ_RUNS:--1}" -timeout="${FUZZ_TIMEOUT:-10}" \
        -rss_limit_mb=500 -max_len="$(length "$target")" -dict="dictionaries/$(dictionary "$target").dict" \
        -artifact_prefix="$artifacts/" -print_final_stats=1 ${FUZZ_ARGS-} \
        "$corpus" "$seeds" $(shipped "$target") || failed=1
    if [ "${FUZZ_KEEP-}" = yes ]; then
        kept=$scratch/kept
        rm -rf "$kept"
        mkdir "$kept"
        # Edges alone, not how often each is taken: few files, and each line of code that inputs reach.
        # shellcheck disable=SC2046
        "$bin/$target" -set_cover_merge=1 -use_counters=0 -max_len="$(length "$target")" -timeout=60 \
            "$kept" "$seeds" "$corpus" $(shipped "$target")
        rm -rf "$seeds"
        mv "$kept" "$seeds"
    fi
done
exit $failed
