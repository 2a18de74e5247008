#!/bin/bash
# docs.sh DESCRIPTORS VERSION: the generated documents are what proto/ and the programs say, and every link between
# documents leads somewhere.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

while read -r line; do complain "$line"; done < <(
    /usr/bin/python3 -B deploy/docs/generate.py "$1" "$2" docs --check 2>&1 || true
    own '*.md' | xargs -r /usr/bin/python3 -B deploy/docs/links.py 2>&1 || true
)
verdict 'docs (generated parts are current, links lead somewhere)'
