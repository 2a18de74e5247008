#!/bin/bash
# Runs shellcheck, with the files that a script sources checked as part of it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts() {
    own '*.sh' | while read -r file; do
        if [[ $file != */lib/*.sh && $file != */lib.sh ]]; then echo "$file"; fi
    done
    if [[ -f .ci/run ]]; then echo .ci/run; fi
}
complaints=$(scripts | xargs -r -P "$(nproc)" -n 4 shellcheck -f gcc -x -a -P SCRIPTDIR 2>&1 | sort -u || true)
verdict 'shell (shellcheck)'
