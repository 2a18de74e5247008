#!/bin/bash
# The container `keys`: at the first start it makes every password and key of the installation, each in the volume of
# those who need it; at later starts it finds them. Then it waits: `docker compose exec keys kehuctl keys …` manages
# keys here, in a container without network. It stays because `docker compose up --wait` takes an ended container for
# a failed one.
set -euo pipefail
secrets=/run/kehu
var=/opt/kehu/var

# random_secret FILE: whole or not at all. Readable in its volume: PostgreSQL and Redis run as other users, and only
# their own containers mount it.
random_secret() {
    [[ -s $1 ]] && return
    LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom 2>/dev/null | head -c 40 >"$1.new" || true
    chmod 444 "$1.new"
    mv "$1.new" "$1"
}

write() {
    cat >"$1.new"
    chmod 444 "$1.new"
    mv -f "$1.new" "$1"
}

# Both roles' passwords for PostgreSQL, the connection strings for the service.
service_secrets() {
    local service=$1 role
    for role in owner run; do
        random_secret "$secrets/postgres/${service}_$role.password"
        write "$secrets/$service/$role.conninfo" <<TEXT
host=postgres port=5432 dbname=kehu user=${service}_$role password=$(cat "$secrets/postgres/${service}_$role.password")
TEXT
    done
    write "$secrets/$service/redis.password" <"$secrets/redis/password"
}

random_secret "$secrets/postgres/postgres.password"
random_secret "$secrets/redis/password"
write "$secrets/redis/redis.conf" <<TEXT
requirepass $(cat "$secrets/redis/password")
appendonly no
save ""
maxmemory 256mb
maxmemory-policy allkeys-lru
TEXT
for service in "$@"; do service_secrets "$service"; done

kehuctl --var "$var" keys server >/dev/null
kehuctl --var "$var" keys seal >/dev/null
mkdir -p "$var/keys/allowed" "$var/keys/revoked" "$var/keys/secret"
if [[ ! -s $var/keys/secret/admin.secret || ! -s $var/keys/allowed/admin.json ]]; then
    rm -f "$var/keys/secret/admin.secret" "$var/keys/allowed/admin.json"
    kehuctl --var "$var" keys new admin --admin >/dev/null
fi
# The key by which a service asks another whose log it reads: service_key SERVICE METHOD,…
service_key() {
    local service=$1 call=$2
    if [[ ! -e $var/keys/revoked/$service.json && (! -s $var/keys/secret/$service.secret || ! -s $var/keys/allowed/$service.json) ]]; then
        rm -f "$var/keys/secret/$service.secret" "$var/keys/allowed/$service.json"
        kehuctl --var "$var" keys new "$service" --call "$call" >/dev/null
    fi
    if [[ -s $var/keys/secret/$service.secret ]]; then write "$secrets/$service/service.key" <"$var/keys/secret/$service.secret"; fi
}
service_key customers complaints.Fetch
service_key complaints customers.Fetch
touch /tmp/ready
echo "keys: all passwords and keys are there"
exec sleep infinity
