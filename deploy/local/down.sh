#!/bin/bash
# Stops the stack of KEHU_VAR: services first, then Redis, then PostgreSQL. Data stay. Ends only what up.sh started.
# With names (customers-2, redis, …) it stops those alone; the next up starts them again.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib/settings.sh"

if [[ ! -e $marker ]]; then
    say "there is no stack in $var"
    exit 0
fi
mkdir -p "$run"
var_lock
source "$here/lib/process.sh"

stop_services() {
    local file name
    for file in "$run"/supervise-*.pid; do
        name=$(basename "$file" .pid)
        name=${name#supervise-}
        [[ $name == '*' || $name == postgres || $name == redis ]] || unsupervise "$name" 20
    done
}

if (($# > 0)); then
    for name in "$@"; do unsupervise "$name" 75; done
    exit 0
fi
stop_services
unsupervise redis 20
unsupervise postgres 75
say "the stack in $var is down; its data stay"
