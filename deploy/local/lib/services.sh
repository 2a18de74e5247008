# Kehu's own services in a local stack: keys, migrations, instances.
# shellcheck shell=bash

# Names of services.txt whose program is built, in their order.
services() {
    local service
    while read -r service _; do
        if [[ -x $bin/$service ]]; then echo "$service"; fi
    done < <(grep -v '^#' "$root/deploy/local/services.txt")
}

# logs_of SERVICE: the services whose logs it reads.
logs_of() {
    awk -v name="$1" '$1 == name && $3 != "-" { gsub(",", " ", $3); print $3 }' "$root/deploy/local/services.txt"
}

# service_url SERVICE: the addresses of all its instances.
service_url() {
    local url='' n
    for ((n = 1; n <= KEHU_INSTANCES; n++)); do url+=${url:+,}tcp://127.0.0.1:$(service_port "$1" "$n"); done
    echo "$url"
}

# url_name SERVICE: the setting that holds them.
url_name() { echo "KEHU_${1^^}_URL"; }

# service_port SERVICE N: the bus port of its Nth instance (from 1); HTTP is one above.
service_port() {
    local offset
    offset=$(awk -v name="$1" '$1 == name { print $2 }' "$root/deploy/local/services.txt")
    echo $((KEHU_BASE_PORT + offset + 2 * ($2 - 1)))
}

instance_name() { if (($2 == 1)); then echo "$1"; else echo "$1-$2"; fi; }

# instances: "NAME SERVICE N" of all that should run.
instances() {
    local service n
    for service in $(services); do
        for ((n = 1; n <= KEHU_INSTANCES; n++)); do echo "$(instance_name "$service" "$n") $service $n"; done
    done
}

# surplus_instances: names that are supervised and should not run (fewer instances than before).
surplus_instances() {
    local file name
    for file in "$run"/supervise-*.pid; do
        name=$(basename "$file" .pid)
        name=${name#supervise-}
        [[ $name == postgres || $name == redis ]] && continue
        # Not grep -q: it would end before its input does, which pipefail takes for "not found".
        instances | grep "^$name " >/dev/null || echo "$name"
    done
}

keys_make() {
    if [[ ! -s $keys/server.secret || ! -s $keys/server.public ]]; then
        "$bin/kehuctl" --var "$var" keys server >/dev/null || fail "cannot make the server's key in $keys"
    fi
    "$bin/kehuctl" --var "$var" keys seal >/dev/null || fail "cannot make the keys that seal values in $keys"
    if [[ ! -s $keys/secret/admin.secret || ! -s $keys/allowed/admin.json ]]; then
        rm -f "$keys/secret/admin.secret" "$keys/allowed/admin.json" # half a pair is none
        "$bin/kehuctl" --var "$var" keys new admin --admin >/dev/null || fail "cannot make the administrator's key in $keys"
    fi
    local service
    for service in $(services); do service_key_make "$service"; done
}

# service_key_make SERVICE: the key by which it asks those whose logs it reads. A revoked one is not made anew.
service_key_make() {
    local service=$1 logs log call=''
    logs=$(logs_of "$service")
    [[ -n $logs && ! -e $keys/revoked/$service.json ]] || return 0
    if [[ -s $keys/secret/$service.secret && -s $keys/allowed/$service.json ]]; then return; fi
    rm -f "$keys/secret/$service.secret" "$keys/allowed/$service.json" # half a pair is none
    for log in $logs; do call+=${call:+,}$log.Fetch; done
    "$bin/kehuctl" --var "$var" keys new "$service" --call "$call" >/dev/null || fail "cannot make the key of $service in $keys"
}

# service_environment SERVICE N: fills the array `environment`. KEHU_PASS names further variables to hand through.
service_environment() {
    local service=$1 port name
    port=$(service_port "$service" "$2")
    environment=(
        KEHU_INSTANCE="$(instance_name "$service" "$2")"
        KEHU_ENDPOINT="tcp://127.0.0.1:$port"
        KEHU_HTTP="127.0.0.1:$((port + 1))"
        KEHU_DATABASE_FILE="$secrets/${service}_run.conninfo"
        KEHU_REDIS_HOST=127.0.0.1
        KEHU_REDIS_PORT="$redis_port"
        KEHU_REDIS_PASSWORD_FILE="$redis_password"
        KEHU_KEYS="$keys/allowed"
        KEHU_SERVER_SECRET_FILE="$keys/server.secret"
        KEHU_SEAL_KEYS_FILE="$keys/seal.keys"
        KEHU_TIMEZONE="$KEHU_TIMEZONE"
        KEHU_CURRENCY="$KEHU_CURRENCY"
        KEHU_INSTALLATION="$KEHU_INSTALLATION"
    )
    for name in $(logs_of "$service"); do environment+=("$(url_name "$name")=$(service_url "$name")"); done
    if [[ -n $(logs_of "$service") ]]; then environment+=("KEHU_SERVICE_KEY_FILE=$keys/secret/$service.secret"); fi
    for name in ${KEHU_PASS:-} ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS; do
        if [[ -n ${!name:-} ]]; then environment+=("$name=${!name}"); fi
    done
}

service_migrate() {
    local service=$1
    service_environment "$service" 1
    env -i PATH="$PATH" LANG=C.UTF-8 "${environment[@]}" KEHU_DATABASE_OWNER_FILE="$secrets/${service}_owner.conninfo" \
        "$bin/$service" --migrate >"$log/$service-migrate.log" 2>&1 9>&- && return
    show_end_of "$service-migrate"
    fail "the migrations of $service failed; see $log/$service-migrate.log"
}

# True when the program that runs is not the one in $bin (rebuilt, or another folder).
is_outdated() {
    local pid
    pid=$(pid_of "$1")
    [[ -n $pid && ! /proc/$pid/exe -ef $bin/$2 ]]
}

service_start() {
    local name=$1 service=$2 n=$3 port
    port=$(service_port "$service" "$n")
    if is_supervised "$name" && is_outdated "$name" "$service"; then
        say "$name runs an older build"
        unsupervise "$name" 20
    fi
    is_supervised "$name" && return
    wait_for_orphan "$name" "$bin/$service"
    port_must_be_free "$port" "$name"
    port_must_be_free "$((port + 1))" "$name over HTTP"
    say "starting $name on port $port"
    service_environment "$service" "$n"
    supervise "$name" -- "$bin/$service"
}

service_is_ready() { http_get "$(($(service_port "$1" "$2") + 1))" /readyz >/dev/null; }

service_wait() {
    local name=$1
    wait_until "${KEHU_START_SECONDS:-60}" service_is_ready "$2" "$3" && return
    show_end_of "$name"
    fail "$name did not become ready; see $log/$name.log"
}
