#!/bin/bash
# Every C file is as clang-format writes it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

complaints=$(own '*.c' '*.h' | xargs -r -P "$(nproc)" -n 16 clang-format --dry-run -Werror 2>&1 | sed -n 's/: error: code should be.*//p' | cut -d: -f1 | sort | uniq -c |
    awk '{ print "  " $2 ": " $1 " places; run make format" }' || true)
verdict 'format (clang-format)'
