#!/bin/bash
# Nothing in the project names a place on the machine where it was written.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

pattern="/wor""k/" # in two pieces, so that this file is not its own complaint
complaints=$(own '*' | xargs -r -d '\n' grep -nIF -- "$pattern" | cut -c1-160 || true)
verdict 'paths (nothing names the machine it was written on)'
