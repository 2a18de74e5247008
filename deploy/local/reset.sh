#!/bin/bash
# Stops the stack of KEHU_VAR and deletes all its data. Touches a folder only when up.sh marked it as a Kehu stack.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib/settings.sh"

if [[ ! -e $var || -z $(ls -A "$var" 2>/dev/null) ]]; then
    say "there is nothing in $var"
    exit 0
fi
[[ -f $marker ]] || fail "$var is no Kehu stack (no $marker); nothing was deleted"
"$here/down.sh"
sockets=$(recorded KEHU_SOCKETS)
if [[ $sockets == /tmp/kehu-sockets.* ]]; then rm -rf "$sockets"; fi
# The marker goes last, so that an interrupted reset can be repeated.
find "$var" -mindepth 1 -maxdepth 1 ! -path "$marker" -exec rm -rf {} +
rm -f "$marker"
say "everything in $var is deleted"
