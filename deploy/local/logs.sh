#!/bin/bash
# Shows the logs of the stack of KEHU_VAR. SERVICE=customers (or -s customers) limits it to one; FOLLOW=1 stays and prints on.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib/settings.sh"

while getopts 's:f' option; do
    case $option in
    s) SERVICE=$OPTARG ;;
    f) FOLLOW=1 ;;
    *) exit 2 ;;
    esac
done
shopt -s nullglob
files=("$log/${SERVICE:-}"*.log)
if [[ -n ${SERVICE:-} && -e $log/$SERVICE.log ]]; then files=("$log/$SERVICE.log" "$log/$SERVICE"-[0-9]*.log); fi
((${#files[@]} > 0)) || fail "there is no log ${SERVICE:+of $SERVICE }in $log"
tail -n "${LINES:-40}" ${FOLLOW:+-F} -- "${files[@]}"
