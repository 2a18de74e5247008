#!/bin/bash
# flake8: no unused names, nothing undefined, lines of at most 100 columns.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

complaints=$(own '*.py' | xargs -r /usr/bin/python3 -m flake8 --isolated --max-line-length 100 2>&1 || true)
verdict 'python (flake8)'
