#!/bin/bash
# Runs unit test programs, one line each; the whole output of those that fail; a total at the end.
set -uo pipefail

failed=0 programs=0 tests=0
for program in "$@"; do
    programs=$((programs + 1))
    output=$(timeout 120 "$program" 2>&1)
    result=$?
    passed=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' <<<"$output" | tail -1)
    tests=$((tests + ${passed:-0}))
    if [[ $result -eq 0 ]]; then
        printf '%-28s [  PASSED  ] %s test(s).\n' "$(basename "$program")" "${passed:-0}"
    else
        failed=$((failed + 1))
        printf '%s\n%-28s FAILED (exit %d)\n' "$output" "$(basename "$program")" "$result"
    fi
done
echo "unit: $programs programs, $tests tests passed, $failed programs failed"
[[ $failed -eq 0 ]]
