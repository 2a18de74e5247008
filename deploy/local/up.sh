#!/bin/bash
# Brings a local stack up: PostgreSQL, Redis, keys, roles, migrations, services. Everything it makes is in KEHU_VAR
# (and, for the socket, one folder in /tmp). Harmless to repeat, whatever state the last attempt ended in.
#
#   KEHU_VAR        folder of the stack; default var in the checkout
#   KEHU_BASE_PORT  first port; default 7400: PostgreSQL +0, Redis +1, customers +10, its HTTP +11, complaints +20
#   KEHU_TIMEZONE, KEHU_CURRENCY  of the business; fixed when the stack is created; default Asia/Shanghai, CNY
#   KEHU_INSTALLATION  live (default), demo or test, likewise fixed; only the clock of a demo or test can be moved
#   KEHU_INSTANCES  processes per service, at most 5; default 1
#   KEHU_BIN        folder of the programs; default bin
#   KEHU_PASS       names of further variables that the services are to get
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib/settings.sh"

for program in kehu-supervise kehuctl; do
    [[ -x $bin/$program ]] || fail "$bin/$program is missing; run 'make build'"
done
var_claim
var_lock
settings_read
settings_check
source "$here/lib/process.sh"
source "$here/lib/postgres.sh"
source "$here/lib/redis.sh"
source "$here/lib/services.sh"

refuse_move_while_running() {
    local before
    before=$(recorded KEHU_BASE_PORT)
    if [[ -n $before && $before != "$KEHU_BASE_PORT" ]] && is_supervised postgres; then
        fail "the stack in $var runs on base port $before; stop it with 'make down' before it moves to $KEHU_BASE_PORT"
    fi
}

refuse_move_while_running
choose_socket_folder
settings_write
random_secret "$redis_password"
postgres_start
redis_start
keys_make
postgres_wait
redis_wait
for service in $(services); do
    postgres_bootstrap "$service"
    service_migrate "$service"
done
for name in $(surplus_instances); do unsupervise "$name" 20; done
while read -r name service n; do service_start "$name" "$service" "$n"; done < <(instances)
while read -r name service n; do service_wait "$name" "$service" "$n"; done < <(instances)
say "ready: $(service_url customers), data in $var"
