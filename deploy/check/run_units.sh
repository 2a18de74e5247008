#!/bin/bash
# Runs unit test programs, as many at once as there are cores; one line each, the whole output of those that fail; a
# total at the end.
set -uo pipefail

# Says everything of one program in one piece, so that those running at once do not mix their words.
run_one() {
    local output result passed
    output=$(timeout 300 "$1" 2>&1)
    result=$?
    passed=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' <<<"$output" | tail -1)
    if [[ $result -eq 0 ]]; then
        printf '%-28s [  PASSED  ] %s test(s).\n' "$(basename "$1")" "${passed:-0}"
    else
        output+=$(printf '\n%-28s FAILED (exit %d) after %s test(s).' "$(basename "$1")" "$result" "${passed:-0}")
        echo "$output"
        return 1
    fi
}
export -f run_one

said=$(mktemp)
trap 'rm -f "$said"' EXIT
# shellcheck disable=SC2016 # that bash expands it
printf '%s\0' "$@" | xargs -0 -r -n 1 -P "$(nproc)" bash -c 'run_one "$1"' run_one | tee "$said"
# A name comes first; cmocka's own totals, which the output of a failed program holds too, begin with a bracket.
passed=$(sed -n 's/^[a-z][^ ]* *\[  PASSED  \] \([0-9]*\) test(s)\.$/\1/p' "$said")
failed=$(($# - $(grep -c . <<<"$passed")))
echo "unit: $# programs, $(awk '{ sum += $1 } END { print sum + 0 }' <<<"$passed") tests passed, $failed programs failed"
[[ $failed -eq 0 ]]
