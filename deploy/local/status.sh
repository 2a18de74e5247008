#!/bin/bash
# A table of what runs in the stack of KEHU_VAR and how it is. Exit 0: all healthy; 1: something is not.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib/settings.sh"
settings_read
source "$here/lib/process.sh"
source "$here/lib/postgres.sh"
source "$here/lib/redis.sh"
source "$here/lib/services.sh"

if [[ ! -e $settings_file ]]; then
    say "there is no stack in $var; 'make up' creates one"
    exit 1
fi
KEHU_SOCKETS=$(recorded KEHU_SOCKETS)
unhealthy=0

age_of() { ps -o etime= -p "$1" 2>/dev/null | tr -d ' '; }
memory_of() { awk '/^VmRSS:/ { printf "%d MB", $2 / 1024 }' "/proc/$1/status" 2>/dev/null; }

# row NAME PORT CHECK…: one line of the table.
row() {
    local name=$1 port=$2 pid health
    shift 2
    pid=$(pid_of "$name")
    if [[ -z $pid ]]; then
        health='not running'
    elif "$@"; then
        health=healthy
    else
        health=unhealthy
    fi
    [[ $health == healthy ]] || unhealthy=1
    printf '%-14s %-12s %6s %8s %13s %8s\n' "$name" "$health" "$port" "${pid:--}" "$(age_of "${pid:-0}")" \
        "$(memory_of "${pid:-0}")"
}

printf '%-14s %-12s %6s %8s %13s %8s\n' NAME HEALTH PORT PROCESS UP MEMORY
row postgres "$KEHU_BASE_PORT" postgres_is_ready
row redis "$redis_port" redis_is_ready
while read -r name service n; do
    row "$name" "$(service_port "$service" "$n")" service_is_ready "$service" "$n"
done < <(instances)
if ((unhealthy)); then
    say "something is not well; see 'make logs' or $log"
fi
exit "$unhealthy"
