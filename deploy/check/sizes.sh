#!/bin/bash
# No file is longer than 500 lines.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

while read -r file; do
    lines=$(wc -l <"$file")
    if ((lines > 500)); then complain "$file: $lines lines; split it by concept (at most 500)"; fi
done < <(own '*.c' '*.h' '*.sh' '*.py' '*.sql' '*.proto' 'Makefile' '*.mk')
verdict 'sizes (at most 500 lines)'
