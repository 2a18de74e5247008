#!/bin/bash
# run_fuzz.sh SECONDS PROGRAM…: fuzzes with each program in turn. New inputs go to build/fuzz/corpus/<name>, crashes to
# build/fuzz/crashes/; what found a fault is then copied by hand to tests/fuzz/corpus/<name>/ and stays there.
set -euo pipefail

seconds=$1
shift
mkdir -p build/fuzz/crashes
for program in "$@"; do
    name=$(basename "$program")
    name=${name#fuzz_}
    mkdir -p "build/fuzz/corpus/$name"
    folders=("build/fuzz/corpus/$name")
    if [[ -d tests/fuzz/corpus/$name ]]; then folders+=("tests/fuzz/corpus/$name"); fi
    echo "== $name for $seconds s"
    "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/crashes/$name-" "${folders[@]}" 2>&1 |
        grep -vE '^(#[0-9]+|INFO:|\s*NEW_FUNC)'
done
