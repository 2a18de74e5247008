#!/bin/bash
# purity.sh OUT FILE.c…: the objects of these files call nothing but each other and a few functions that only compute.
# A domain rule that wanted the time, memory, input or output would show here by the symbol it needs.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

out=$1
shift
allowed='memcpy|memmove|memset|memcmp|memchr|strlen|strcmp|strncmp|strnlen|__stack_chk_fail|__assert_fail|_GLOBAL_OFFSET_TABLE_'
allowed+='|__(asan|ubsan|lsan)_.*|__u?(div|mod|divmod|mul|mulo)ti[34]' # sanitizers; 128-bit arithmetic of the compiler's library

objects=()
for file in "$@"; do objects+=("$out/${file%.c}.o"); done
if ((${#objects[@]} == 0)); then verdict 'purity (nothing to check yet)' && exit 0; fi

declare -A defined
while read -r symbol; do defined[$symbol]=1; done < <(nm --defined-only -g "${objects[@]}" 2>/dev/null | awk 'NF == 3 { print $3 }')
for object in "${objects[@]}"; do
    while read -r symbol; do
        [[ -n ${defined[$symbol]:-} || $symbol =~ ^($allowed)$ ]] || complain "${object#"$out/"}: calls $symbol; pure code may not"
    done < <(nm -u "$object" | awk '{ print $NF }')
done
verdict 'purity (domain and common/pure call nothing outside)'
